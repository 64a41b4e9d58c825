import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Answers, FromThread, Lost, MeetOptions, Opening, Question, ToThread } from './messages.ts';
import type { ThreadData } from './thread.ts';

/** Longer than everything that the thread may do before it answers. */
const OPEN_MS = 20_000;

/** This machine's meeting with the others. */
export interface Meeting {
  /** 1, 2, 3 … in the order in which the machines came. The first is the host: the rendezvous is there, and it judges. */
  readonly machine: number;
  /** Random bytes that all machines have in common, and that are in no file. */
  readonly key: Uint8Array;
  /** What to add to the run's clock for the clock that all machines have in common, in milliseconds. */
  offsetMs(): number;
  /** Sends a message to the host, to one machine, or to all, in order. */
  send(to: 'host' | 'all' | number, value: unknown): void;
  /** Sends lines of this machine's history. */
  record(lines: readonly string[]): void;
  ask<K extends keyof Answers>(what: K, question: Answers[K]['ask']): Promise<Answers[K]['answer'] | undefined>;
  /** Asks and blocks this thread; undefined where there is no answer in time. */
  askNow<K extends keyof Answers>(
    what: K,
    question: Answers[K]['ask'],
    timeoutMs: number,
  ): Answers[K]['answer'] | undefined;
  /** Says goodbye, once everything was sent. Never rejects. */
  close(): Promise<void>;
}

export interface MeetingEvents {
  /** A message from another machine, or from this one. */
  message(machine: number, value: unknown): void;
  /** A machine, or Redis, was silent for too long. Called once for each. */
  lost(lost: Lost): void;
}

/**
 * Joins the other machines. Blocks this thread until Redis has answered, at most some ten seconds.
 *
 * @throws Error with one sentence for the user where Redis cannot be used, or the machine may not take part
 */
export function openMeeting(options: MeetOptions, events: MeetingEvents): Meeting {
  const { thread, port, raised, offset } = startThread(options);
  const waitFor = waiterAt(port, raised);
  const opening = waitFor(
    (message) => (message.type === 'joined' || message.type === 'refused' ? message : undefined),
    OPEN_MS,
  );
  if (opening?.type !== 'joined') {
    void thread.terminate();
    throw new Error(opening?.message ?? 'Redis did not answer');
  }

  const answers = new Map<number, (answer: unknown) => void>();
  let asked = 0;
  const tell = (message: ToThread) => thread.postMessage(message);
  const askIn = (isWaitedFor: boolean, question: Question): number => {
    tell({ type: 'ask', id: ++asked, isWaitedFor, question });
    return asked;
  };
  thread.on('message', (message: FromThread) => {
    switch (message.type) {
      case 'message':
        return events.message(message.machine, message.value);
      case 'lost':
        return events.lost(message.lost);
      case 'answer':
        answers.get(message.id)?.(message.answer);
        answers.delete(message.id);
        return;
    }
  });
  thread.once('error', () => events.lost({ kind: 'redis' }));
  thread.once('exit', () => {
    for (const answer of answers.values()) answer(undefined);
  });

  const ask: Meeting['ask'] = (what, question) =>
    new Promise((resolve) => {
      const id = askIn(false, { what, ...question } as Question);
      answers.set(id, resolve as (answer: unknown) => void);
    });
  let closing: Promise<void> | undefined;
  const sayGoodbye = async () => {
    await ask('flush', {});
    await ask('goodbye', {});
    await thread.terminate();
  };
  return {
    machine: opening.machine,
    key: opening.key,
    offsetMs: () => offset[0] as number,
    send: (to, value) => tell({ type: 'send', to, value }),
    record: (lines) => tell({ type: 'record', lines }),
    ask,
    askNow(what, question, timeoutMs) {
      const id = askIn(true, { what, ...question } as Question);
      const found = waitFor(
        (message) => (message.type === 'answer' && message.id === id ? { answer: message.answer } : undefined),
        timeoutMs,
      );
      return found?.answer as Answers[typeof what]['answer'] | undefined;
    },
    close() {
      closing ??= sayGoodbye();
      return closing;
    },
  };
}

/** Waits for a message without a turn of the event loop. A message that does not match is dropped: nobody waits for it. */
function waiterAt(port: MessagePort, raised: Int32Array<SharedArrayBuffer>) {
  return <T>(matches: (message: Opening | FromThread) => T | undefined, timeoutMs: number): T | undefined => {
    for (const endMs = performance.now() + timeoutMs; ; ) {
      const before = Atomics.load(raised, 0);
      const received = receiveMessageOnPort(port);
      const found = received === undefined ? undefined : matches(received.message);
      if (found !== undefined) return found;
      const leftMs = endMs - performance.now();
      if (received === undefined && (leftMs <= 0 || Atomics.wait(raised, 0, before, leftMs) === 'timed-out')) return;
    }
  };
}

function startThread(options: MeetOptions) {
  const { port1: port, port2: threadPort } = new MessageChannel();
  const raised = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const offset = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT));
  const file = import.meta.url.endsWith('.ts') ? './thread.ts' : './meeting-thread.js';
  const thread = new Worker(new URL(file, import.meta.url), {
    name: 'race meeting',
    workerData: { options, port: threadPort, raised, offset } satisfies ThreadData,
    transferList: [threadPort],
    // Artillery hands its workers an environment; this thread needs nothing of it.
    execArgv: [],
  });
  thread.unref();
  port.unref();
  return { thread, port, raised, offset };
}
