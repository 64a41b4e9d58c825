import { randomBytes } from 'node:crypto';
import { type CommonClock, followClock, type Offset } from './clock.ts';
import { followHistories } from './history.ts';
import { join, Refused } from './join.ts';
import type { Answers, FromThread, Lost, MeetOptions, Question, SharedKey, ToThread } from './messages.ts';
import { connect, KEPT_S, keysOf, type Redis, timeOf } from './redis.ts';
import { createReader, createSender, type StreamEntry } from './stream.ts';

const BEAT_MS = 1000;
/** A machine, or Redis, that was silent for this long is lost. */
const LOST_MS = 4000;
/** How long Redis holds a question for new messages. */
const BLOCK_MS = 500;
const RETRY_MS = 100;
/** A machine that says goodbye is not lost. */
const ENDED = 'ended';
/** Stands for Redis among the numbers of the machines that are lost. */
const REDIS = 0;
/** An answer that one machine got for all is needed only in its round. */
const ONCE_S = 60;

/** Where the machines of a run meet, as one of them sees it. */
export interface MeetingPlace {
  readonly machine: number;
  /** Random bytes that all machines have in common, and that are in no file. */
  readonly key: Uint8Array;
  handle(message: ToThread): Promise<void>;
}

/**
 * Joins the run.
 *
 * @param now the run's clock, in milliseconds
 * @param tell carries what happens to the launcher
 * @param offset called with the current offset of the common clock, in milliseconds
 * @throws Error with one sentence for the user
 */
export async function openPlace(
  options: MeetOptions,
  now: () => number,
  tell: (message: FromThread, isWaitedFor?: boolean) => void,
  offset: (offsetMs: number) => void,
): Promise<MeetingPlace> {
  const { url } = options;
  // One connection each for what waits, what asks, and what is sent, so that no message waits behind another.
  const [waiting, asking, sending] = await Promise.all([connect(url), connect(url), connect(url)]);
  try {
    // Later than this, the time of the others would be asked while they already race.
    const clock = await followClock(() => timeOf(asking), now, offset);
    const machine = await join(sending, options.run, options.machines, options.plan);
    const key = await commonKey(sending, options);
    return new Place({ options, machine, key, waiting, asking, sending, clock, now, tell });
  } catch (error) {
    for (const redis of [waiting, asking, sending]) redis.destroy();
    throw error instanceof Refused ? error : new Error(`Redis refused the run: ${(error as Error).message}`);
  }
}

const KEY_BYTES = 32;

/** The first machine makes the key. Redis forgets it once all machines had the time to come. */
async function commonKey(redis: Redis, { run, joinMs }: MeetOptions): Promise<Uint8Array> {
  const name = keysOf(run).once('key');
  const seconds = Math.ceil(joinMs / 1000) + ONCE_S;
  const own = randomBytes(KEY_BYTES).toString('base64');
  await redis.set(name, own, { condition: 'NX', expiration: { type: 'EX', value: seconds } });
  return Buffer.from((await redis.get(name)) ?? own, 'base64');
}

interface PlaceParts {
  readonly options: MeetOptions;
  readonly machine: number;
  readonly key: Uint8Array;
  readonly waiting: Redis;
  readonly asking: Redis;
  readonly sending: Redis;
  readonly clock: CommonClock;
  readonly now: () => number;
  readonly tell: (message: FromThread, isWaitedFor?: boolean) => void;
}

class Place implements MeetingPlace {
  readonly machine: number;
  readonly key: Uint8Array;
  readonly #parts: PlaceParts;
  readonly #keys: ReturnType<typeof keysOf>;
  readonly #sender: ReturnType<typeof createSender>;
  readonly #records: ReturnType<typeof createSender>;
  readonly #histories: ReturnType<typeof followHistories>;
  readonly #beat: NodeJS.Timeout;
  readonly #lostMachines = new Set<number>();
  readonly #redisLost = Promise.withResolvers<void>();
  #heardMs: number;

  constructor(parts: PlaceParts) {
    this.#parts = parts;
    this.machine = parts.machine;
    this.key = parts.key;
    this.#keys = keysOf(parts.options.run);
    this.#heardMs = parts.now();
    const forgotten = () => this.#lose({ kind: 'redis' });
    this.#sender = createSender(parts.sending, parts.machine, forgotten);
    // A long history must not delay what the others wait for.
    this.#records = createSender(parts.asking, parts.machine, forgotten);
    this.#histories = followHistories(parts.asking, this.#keys.history);
    this.#beat = setInterval(() => void this.#sayAlive(), BEAT_MS);
    void this.#listen();
    void this.#sayAlive();
  }

  async handle(message: ToThread): Promise<void> {
    switch (message.type) {
      case 'send': {
        const { to, value } = message;
        this.#sender.send(to === 'host' ? this.#keys.moves : this.#keys.departures, { to, value });
        return;
      }
      case 'record':
        this.#records.send(this.#keys.history, message.lines);
        return;
      case 'ask': {
        const answer = await this.#answerSoon(message.question);
        this.#parts.tell({ type: 'answer', id: message.id, answer }, message.isWaitedFor);
        return;
      }
    }
  }

  /** A client without a connection keeps its commands, and would answer only when it has one again. */
  #answerSoon(question: Question): Promise<unknown> {
    const answer = this.#answerTo(question).catch(() => undefined);
    // The clock can be told without Redis.
    return question.what === 'clock' ? answer : Promise.race([answer, this.#redisLost.promise]);
  }

  async #answerTo(question: Question): Promise<Answers[Question['what']]['answer']> {
    const { clock, asking } = this.#parts;
    switch (question.what) {
      case 'clock':
        await Promise.race([clock.refresh(), this.#redisLost.promise]);
        return bounded(clock.offset(question.atMs));
      case 'roundTrip':
        return clock.roundTripMs();
      case 'history':
        return this.#histories();
      case 'lastLines':
        return (await this.#histories()).map(({ machine, lines }) => ({ machine, line: lines.at(-1) ?? '' }));
      case 'put': {
        const seconds = question.key.kind === 'once' ? ONCE_S : KEPT_S;
        await asking.set(this.#keyOf(question.key), question.text, { expiration: { type: 'EX', value: seconds } });
        return true;
      }
      case 'take':
        return this.#take(question.key, question.timeoutMs);
      case 'goodbye':
        await this.#sayGoodbye();
        return true;
      case 'flush':
        await Promise.all([this.#sender.flushed(), this.#records.flushed()]);
        return true;
    }
  }

  #keyOf(key: SharedKey): string {
    return key.kind === 'once' ? this.#keys.once(key.name) : this.#keys[key.kind];
  }

  async #take(key: SharedKey, timeoutMs: number): Promise<string | undefined> {
    const { asking, now } = this.#parts;
    for (const endMs = now() + timeoutMs; ; ) {
      const text = await asking.get(this.#keyOf(key)).catch(() => null);
      if (text !== null) return text;
      const isHostLost = this.#lostMachines.has(REDIS) || this.#lostMachines.has(1);
      if (now() >= endMs || isHostLost) return undefined;
      await sleep(RETRY_MS);
    }
  }

  /** Reads the streams for as long as the thread lives. A stream is read on from its last message. */
  async #listen(): Promise<void> {
    const { waiting, now, tell } = this.#parts;
    const isHost = this.machine === 1;
    const streams = isHost ? [this.#keys.departures, this.#keys.moves] : [this.#keys.departures];
    const seen = new Map(streams.map((stream) => [stream, { id: '0', read: createReader() }]));
    for (;;) {
      try {
        const from = [...seen].map(([key, { id }]) => ({ key, id }));
        const news = (await waiting.xRead(from, { BLOCK: BLOCK_MS })) as unknown as readonly StreamNews[] | null;
        this.#heardMs = now();
        for (const { name, messages } of news ?? []) {
          const stream = seen.get(name);
          if (stream === undefined) continue;
          stream.id = messages.at(-1)?.id ?? stream.id;
          for (const { machine, value } of stream.read(messages)) {
            const { to, value: said } = value as { readonly to: 'host' | 'all' | number; readonly value: unknown };
            if (to === 'all' || to === this.machine || to === 'host') tell({ type: 'message', machine, value: said });
          }
        }
      } catch {
        await sleep(RETRY_MS);
      }
    }
  }

  async #sayAlive(): Promise<void> {
    const { asking, now, options } = this.#parts;
    if (now() - this.#heardMs > LOST_MS) this.#lose({ kind: 'redis' });
    try {
      const alive = this.#keys.alive(this.machine);
      await asking.set(alive, '1', { expiration: { type: 'PX', value: LOST_MS } });
      const others = Array.from({ length: options.machines }, (_, index) => this.#keys.alive(index + 1));
      const [came, ...states] = await asking.mGet([this.#keys.machines, ...others]);
      // Redis was started again, and has forgotten the run.
      if (came === null || came === undefined) this.#lose({ kind: 'redis' });
      for (let machine = 1; machine <= Number(came); machine++)
        if (states[machine - 1] === null) this.#lose({ kind: 'machine', machine });
    } catch {
      // Redis is lost once nothing was heard for long enough.
    }
  }

  #lose(lost: Lost): void {
    const key = lost.kind === 'machine' ? lost.machine : REDIS;
    if (this.#lostMachines.has(key) || key === this.machine) return;
    this.#lostMachines.add(key);
    if (lost.kind === 'redis') this.#redisLost.resolve();
    this.#parts.tell({ type: 'lost', lost });
  }

  /** Its heartbeats stop, and it counts as ended. */
  async #sayGoodbye(): Promise<void> {
    clearInterval(this.#beat);
    const alive = this.#keys.alive(this.machine);
    const said = this.#parts.asking.set(alive, ENDED, { expiration: { type: 'EX', value: KEPT_S } });
    await Promise.race([said.catch(() => {}), this.#redisLost.promise, sleep(BEAT_MS)]);
  }
}

/** JSON has no infinity. A release is weak long before this error. */
const MAX_ERROR_MS = 60_000;
const bounded = ({ offsetMs, errorMs }: Offset): Offset => ({
  offsetMs: Number.isNaN(offsetMs) ? 0 : offsetMs,
  errorMs: Math.min(errorMs, MAX_ERROR_MS),
});

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

interface StreamNews {
  readonly name: string;
  readonly messages: readonly StreamEntry[];
}
