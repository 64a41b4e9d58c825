import { setTimeout as sleep } from 'node:timers/promises';
import type { ReadBack } from '../../../../../model/index.ts';
import type { Blotter, Reading, Subject } from '../../../recording/index.ts';
import type { Asker, Book, OpenBook, Question, Reply } from './book.ts';

/** How long to wait before the first retry; doubled for each further one. */
const BACKOFF_MS = 200;
/** How long to wait after the last round where the suite does not say. */
const USUAL_SETTLE_MS = 200;
/** How long to wait before asking whether an answer stays the same. */
const PAUSE_MS = 500;

export interface Questions extends Asker {
  readonly when: ReadBack['when'];
  readonly book: Book;
  /** Which of several books this is, from 1; absent: the only one. */
  readonly number?: number;
  /** Inventories, or their parts. */
  readonly subjects: readonly Subject[];
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

/** An answer, and what was asked and came, for people. */
export interface Answer {
  readonly readBack: ReadBack;
  readonly said: string;
}

/**
 * Asks a book who owns each subject, one question after the other. Each question has a timeout and a number of retries.
 * After one that nobody answered at all, the next gets no retries: a hanging server would delay the verdict by minutes.
 * Never rejects: an answer that cannot be read is recorded as unreadable.
 */
export async function ask(questions: Questions): Promise<Answer[]> {
  const { book, subjects, when, told, rawHeaders } = questions;
  const open = book.open({ rawHeaders });
  const askAll = async (some: readonly Subject[]): Promise<Answer[]> => {
    const answers: Answer[] = [];
    let { retries } = book;
    for (const question of open.questionsAbout(some)) {
      const asked = await askOne(question, questions, retries);
      for (const answer of asked.answers) {
        answers.push(answer);
        told?.(answer.readBack);
      }
      retries = asked.isSilent ? 0 : book.retries;
    }
    return answers;
  };
  try {
    // Before the race the server has nothing to settle.
    if (when === 'after' && subjects.length > 0) await sleep(book.settleMs ?? USUAL_SETTLE_MS);
    return await askUntilTheyStay(await askAll(subjects), askAll, questions);
  } finally {
    await closed(open);
  }
}

const closed = async (open: OpenBook): Promise<void> => {
  try {
    await open.close();
  } catch {}
};

async function askUntilTheyStay(
  first: readonly Answer[],
  askAll: (subjects: readonly Subject[]) => Promise<readonly Answer[]>,
  { book: { settleMs = 0 }, subjects, restless = [], now, blotter, told }: Questions,
): Promise<Answer[]> {
  const answers = new Map(first.map((answer) => [answer.readBack.inventory, answer]));
  const endMs = now() + settleMs;
  const pauseMs = Math.min(PAUSE_MS, settleMs);
  // All keys together: one queue works for all of them, so a key that stays the same may only not have had its turn.
  const moving = subjects.filter(({ key }) => restless.includes(blotter.id(key)));
  let moved: readonly Answer[] = [];
  if (moving.length > 0) {
    do {
      await sleep(pauseMs);
      const again = await askAll(moving);
      moved = again.filter(({ readBack }) => !saysTheSame(readBack, answers.get(readBack.inventory)?.readBack));
      for (const answer of again) answers.set(answer.readBack.inventory, answer);
    } while (moved.length > 0 && now() + pauseMs <= endMs);
  }
  for (const { readBack, said } of moved) {
    if (readBack.kind !== 'read') continue;
    const last = { ...readBack, unsettled: true } as const;
    answers.set(last.inventory, { readBack: last, said });
    told?.(last);
  }
  return [...answers.values()];
}

const saysTheSame = (a: ReadBack, b: ReadBack | undefined): boolean =>
  a.kind === 'read' && b?.kind === 'read'
    ? a.units === b.units &&
      a.remaining === b.remaining &&
      a.orderIds.toSorted().join('\n') === b.orderIds.toSorted().join('\n')
    : a.kind === b?.kind;

/** @returns the last answers; `isSilent`: the server sent no whole one */
async function askOne(
  question: Question,
  { when, number, blotter, leastUnits = () => 0 }: Questions,
  retries: number,
): Promise<{ readonly answers: readonly Answer[]; readonly isSilent: boolean }> {
  for (let retry = 0; ; retry++) {
    const { isSilent, said, read } = await question.ask(when);
    const answers = question.subjects.map((subject): Answer => {
      const asked = { inventory: blotter.id(subject.key), when, ...(number !== undefined && { book: number }) };
      return { readBack: { ...asked, ...recorded(readingOf(read, subject), blotter) }, said };
    });
    const isEnough = answers.every(({ readBack }) => holdsEnough(readBack, leastUnits(readBack.inventory)));
    if (isEnough || retry >= retries) return { answers, isSilent };
    await sleep(BACKOFF_MS * 2 ** retry);
  }
}

/** What an answer says about a subject. Where only a request names the key, it may be one that no JSONPath can name. */
function readingOf(read: Reply['read'], subject: Subject): Reading {
  try {
    return read(subject);
  } catch (error) {
    return { error: `the answer cannot be read: ${(error as Error).message}` };
  }
}

/** What an answer says, as the history keeps it. */
function recorded(reading: Reading, { id, text }: Blotter) {
  if ('error' in reading) return { kind: 'unreadable', error: text(reading.error) } as const;
  const { orderIds, owners, ...rest } = reading;
  return {
    kind: 'read',
    ...rest,
    orderIds: orderIds.map(id),
    ...(owners !== undefined && { owners: owners.map(id) }),
  } as const;
}

/** An answer that only says "taken" cannot say more than that. */
function holdsEnough(answer: ReadBack, leastUnits: number): boolean {
  if (answer.kind !== 'read') return false;
  return answer.units >= (answer.counts === false ? Math.min(1, leastUnits) : leastUnits);
}
