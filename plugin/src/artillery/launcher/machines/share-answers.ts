import { BroadcastChannel } from 'node:worker_threads';
import type { HistoryWriter } from '../../../recording/index.ts';
import { answersChannelOf, clockOf, type RunContext } from '../../shared/run-context.ts';
import { type Answered, answeredFrom, answeredText, type SharedAnswer } from '../../shared/shared-answer.ts';
import type { Machines } from './join.ts';

/** As long as Redis keeps an answer. */
const TAKE_MS = 60_000;
/** All who meet are let go at once, so a contender of the first machine that has not come by then does not come. */
const COMES_MS = 4000;

/**
 * The answer to a request that one contender sends for all goes to the other machines as well: the first machine sends the
 * request, and puts the answer where the others take it.
 */
export function shareAnswers(machines: Machines, run: RunContext, history: HistoryWriter): { close(): void } {
  const channel = new BroadcastChannel(answersChannelOf(run));
  channel.unref();
  channel.onmessage = machines.isHost ? putAnswers(machines) : takeAnswers(machines, channel, clockOf(run));
  machines.on('not sent', ({ meeting }) => {
    const reason = `${meeting.split('\n')[0]}: ${NOBODY}`;
    try {
      history.append([{ type: 'problem', reason, setup: true }]);
    } catch {
      // It comes up again when the history is judged.
    }
  });
  return { close: () => channel.close() };
}

const NOBODY = 'no contender of the first machine came to send it';

const sharedIn = (event: unknown): SharedAnswer => (event as { readonly data: SharedAnswer }).data;
const keyOf = (meeting: string) => ({ kind: 'once', name: meeting }) as const;

function putAnswers(machines: Machines): (event: unknown) => void {
  const sent = new Set<string>();
  machines.on('wanted', ({ meeting }, from) => {
    const tell = () => sent.has(meeting) || machines.tell(from, { type: 'not sent', meeting });
    setTimeout(tell, COMES_MS).unref();
  });
  return (event) => {
    const { meeting, answered } = sharedIn(event);
    sent.add(meeting);
    if (answered !== undefined) void machines.ask('put', { key: keyOf(meeting), text: answeredText(answered) });
  };
}

function takeAnswers(machines: Machines, channel: BroadcastChannel, now: () => number): (event: unknown) => void {
  const nothing = (): Answered => ({
    reply: { kind: 'broken', failure: 'timeout', error: NOBODY },
    timing: { completedAtMs: now() },
  });
  const answer = (meeting: string, answered: Answered) =>
    channel.postMessage({ meeting, answered } satisfies SharedAnswer);
  machines.on('not sent', ({ meeting }) => answer(meeting, nothing()));
  return (event) => {
    const { meeting, answered } = sharedIn(event);
    if (answered !== undefined) return;
    machines.tellHost({ type: 'wanted', meeting });
    void machines
      .ask('take', { key: keyOf(meeting), timeoutMs: TAKE_MS })
      .then((text) => answer(meeting, text === undefined ? nothing() : answeredFrom(text, now())));
  };
}
