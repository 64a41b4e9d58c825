import { setTimeout as sleep } from 'node:timers/promises';
import type { ReadBack } from '../../../../model/index.ts';
import type { ReadBackSettings } from '../../config/index.ts';
import { type Connections, createConnections, UNHELD } from '../../gate/index.ts';
import { type Blotter, readBackReader } from '../../recording/index.ts';
import { harmlessRequest } from './harmless-request.ts';

/** How long to wait before the first retry; doubled for each further one. */
const BACKOFF_MS = 200;
/** How long to wait after the last round where the suite does not say. */
const USUAL_SETTLE_MS = 200;
/** How long to wait before asking whether an answer stays the same. */
const PAUSE_MS = 500;
const MAX_BODY_BYTES = 1 << 20;

export interface Questions {
  readonly when: ReadBack['when'];
  readonly settings: ReadBackSettings;
  /** Base URL of the target. */
  readonly target: string;
  /** The keys to ask about: of inventories, or of their parts. */
  readonly keys: readonly string[];
  /** The headers of a contender, names and values in turn, so that the server knows who asks. */
  readonly rawHeaders: readonly string[];
  /** Options for `tls.connect`. */
  readonly tls: Readonly<Record<string, unknown>>;
  readonly wire: 'auto' | 'http1' | 'http2';
  /** Milliseconds on the run's clock. */
  readonly now: () => number;
  readonly blotter: Blotter;
  /**
   * How many units a right server must hold for a key. A smaller answer is asked for again, like an unreadable one: it may
   * come from a replica or a queue that lags behind. Default: 0.
   */
  readonly leastUnits?: (key: string) => number;
  /** Called with each answer as it comes. */
  readonly told?: (answer: ReadBack) => void;
  /**
   * Keys of which the target may still be deciding. They are asked for again until two answers in a row agree, for at most
   * `settleMs` more; an answer that did not stay the same is `unsettled`. Default: none of them.
   */
  readonly restless?: readonly string[];
}

/**
 * Asks the server who owns each inventory, one after the other. Each request has a timeout and a number of retries. After
 * a key for which the server did not answer at all, the next key gets no retries: a hanging server would delay the verdict
 * by minutes. Never rejects: an answer that cannot be read is recorded as unreadable.
 */
export async function askServer(questions: Questions): Promise<ReadBack[]> {
  const { settings, keys, now, wire, when, blotter } = questions;
  const { timeoutMs } = settings;
  const connections = createConnections({ now, wire, timeoutMs, maxBodyBytes: MAX_BODY_BYTES });
  const read = readBackReader(settings, blotter);
  const askAll = async (some: readonly string[]) => {
    const answers: ReadBack[] = [];
    let { retries } = settings;
    for (const key of some) {
      const { answer, isSilent } = await ask(questions, connections, read, { key, retries });
      answers.push(answer);
      questions.told?.(answer);
      retries = isSilent ? 0 : settings.retries;
    }
    return answers;
  };
  try {
    // Before the race the server has nothing to settle.
    if (when === 'after') await sleep(settings.settleMs ?? USUAL_SETTLE_MS);
    const answers = await askAll(keys);
    return await askUntilTheyStay(answers, askAll, questions);
  } finally {
    connections.close();
  }
}

async function askUntilTheyStay(
  first: readonly ReadBack[],
  askAll: (keys: readonly string[]) => Promise<readonly ReadBack[]>,
  { settings: { settleMs = 0 }, restless = [], now, told }: Questions,
): Promise<ReadBack[]> {
  const answers = new Map(first.map((answer) => [answer.inventory, answer]));
  const endMs = now() + settleMs;
  const pauseMs = Math.min(PAUSE_MS, settleMs);
  // All keys together: one queue works for all of them, so a key that stays the same may only not have had its turn.
  let moving: readonly ReadBack[] = [];
  if (restless.length > 0) {
    do {
      await sleep(pauseMs);
      const again = await askAll(restless);
      moving = again.filter((answer) => !saysTheSame(answer, answers.get(answer.inventory)));
      for (const answer of again) answers.set(answer.inventory, answer);
    } while (moving.length > 0 && now() + pauseMs <= endMs);
  }
  for (const answer of moving) {
    if (answer.kind !== 'read') continue;
    const last = { ...answer, unsettled: true } as const;
    answers.set(answer.inventory, last);
    told?.(last);
  }
  return [...answers.values()];
}

const saysTheSame = (a: ReadBack, b: ReadBack | undefined): boolean =>
  a.kind === 'read' && b?.kind === 'read'
    ? a.units === b.units && a.orderIds.toSorted().join('\n') === b.orderIds.toSorted().join('\n')
    : a.kind === b?.kind;

/** @returns the last answer about the key; `isSilent`: the server sent no whole one */
async function ask(
  questions: Questions,
  connections: Connections,
  read: ReturnType<typeof readBackReader>,
  { key, retries }: { readonly key: string; readonly retries: number },
): Promise<{ readonly answer: ReadBack; readonly isSilent: boolean }> {
  const request = harmlessRequest({ ...questions, path: questions.settings.path, inventory: key });
  const leastUnits = questions.leastUnits?.(key) ?? 0;
  for (let retry = 0; ; retry++) {
    const { reply } = await connections.exchange(request, UNHELD);
    const answer = read(key, questions.when, reply);
    if (holdsEnough(answer, leastUnits) || retry >= retries) {
      return { answer, isSilent: reply.kind !== 'complete' };
    }
    await sleep(BACKOFF_MS * 2 ** retry);
  }
}

/** An answer that only says "taken" cannot say more than that. */
function holdsEnough(answer: ReadBack, leastUnits: number): boolean {
  if (answer.kind !== 'read') return false;
  return answer.units >= (answer.counts === false ? Math.min(1, leastUnits) : leastUnits);
}
