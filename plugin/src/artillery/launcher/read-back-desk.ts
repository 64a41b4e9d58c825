import { type Inventory, isTakenBefore, named, type Plan } from '../../../../model/index.ts';
import { printable } from '../../../../reports/index.ts';
import { readHistory } from '../../recording/index.ts';
import { type DeskAnswer, type DeskQuestion, deskChannel } from '../shared/read-back-desk.ts';
import { COUNTER, clockOf } from '../shared/run-context.ts';
import type { Answer, Asking } from './books/index.ts';
import type { FollowedRun } from './follow-run.ts';
import { throughHost } from './machines/index.ts';
import type { PreparedRun } from './prepare.ts';
import { midwayReader } from './read-back-midway.ts';
import type { Repeats } from './repeat/index.ts';

/** Asks the server for the workers while the run goes on. */
export interface Desk {
  /** When an inventory was last read back after its race, in milliseconds on the run's clock; undefined: not yet. */
  askedAtMs(inventory: string): number | undefined;
  close(): void;
}

/**
 * Answers the workers' questions, see {@link DeskQuestion}. Before the first release, an answer that cannot be read ends
 * the run: a question that does not work would be noticed when everything is booked.
 *
 * @param repeats where rounds repeat: each visit is asked about by itself
 * @param refuse ends the process, with a line for each problem
 */
export function openDesk(
  prepared: PreparedRun,
  followed: FollowedRun,
  refuse: (problem: string) => void,
  repeats?: Repeats,
): Desk {
  const { run, settings } = prepared;
  const { inventories } = settings.plan;
  const ask = questioner(prepared);

  const before = async (
    some: readonly Inventory[],
    rawHeaders: readonly string[],
    visit?: number,
  ): Promise<ReadonlySet<string>> => {
    const answers = await ask(some, { when: 'before', rawHeaders }, visit);
    const problem = answers.map((answer) => problemOf(answer, some, settings.label)).find((text) => text !== undefined);
    if (problem !== undefined && Atomics.load(run.counters, COUNTER.released) === 0) {
      setImmediate(refuse, problem);
      // Nobody goes on meanwhile.
      return new Promise(() => {});
    }
    return takenBy(answers, some, settings.plan);
  };
  const midway = midwayReader({
    plan: settings.plan,
    now: clockOf(run),
    ended: () => Atomics.load(run.counters, COUNTER.ended),
    history: () => readHistory(prepared.files.history),
    ask: (some, asking) => ask(some, { ...asking, rawHeaders: followed.rawHeaders() }),
  });

  let planned: Promise<ReadonlySet<string>> | undefined;
  const unplanned = new Map<string, Promise<ReadonlySet<string>>>();
  const isTaken = async (key: string, rawHeaders: readonly string[]): Promise<boolean> => {
    if (inventories.some((inventory) => inventory.key === key)) {
      planned ??= before(inventories, rawHeaders);
      return (await planned).has(key);
    }
    // Nobody knows how many of it there are.
    if (!unplanned.has(key)) unplanned.set(key, before([{ key, capacity: 1 }], rawHeaders));
    await unplanned.get(key);
    return false;
  };

  const isTakenAgain = visitAsker(before, followed, repeats);

  const answer = throughHost(prepared.machines, async (question) => {
    if (question.when === 'before') {
      const { inventory: key, rawHeaders, visit } = question;
      return visit === undefined ? isTaken(key, rawHeaders) : isTakenAgain(key, rawHeaders, visit);
    }
    if (repeats === undefined) await midway.read(question.raced);
    else if (question.raced.length > 0) await repeats.judgeNow();
    return false;
  });
  const channel = deskChannel(run);
  channel.unref();
  channel.onmessage = (event) => {
    const { data } = event as { readonly data: DeskQuestion | DeskAnswer };
    if (data.kind !== 'question') return;
    const tell = (isTakenNow: boolean) =>
      channel.postMessage({ kind: 'answer', id: data.id, isTaken: isTakenNow } satisfies DeskAnswer);
    // A history that cannot be read or written comes up again when it is judged.
    answer(data).then(tell, () => tell(false));
  };
  return { askedAtMs: midway.askedAtMs, close: () => channel.close() };
}

type AskBefore = (
  some: readonly Inventory[],
  rawHeaders: readonly string[],
  visit: number,
) => Promise<ReadonlySet<string>>;

/** Asks about one visit to an inventory, once for all workers and machines, where rounds repeat. */
function visitAsker(before: AskBefore, followed: FollowedRun, repeats: Repeats | undefined) {
  let latest: { readonly name: string; readonly taken: Promise<ReadonlySet<string>> } | undefined;
  return async (key: string, rawHeaders: readonly string[], visit: number): Promise<boolean> => {
    const name = `${visit} ${key}`;
    const headers = rawHeaders.length > 0 ? rawHeaders : followed.rawHeaders();
    if (latest?.name !== name) {
      const inventory = repeats?.inventoryOf(key) ?? { key, capacity: 1 };
      latest = { name, taken: before([inventory], headers, visit) };
    }
    return (await latest.taken).has(key);
  };
}

/** The inventories that are taken: of several books, one that says so is enough. */
function takenBy(answers: readonly Answer[], some: readonly Inventory[], plan: Plan): ReadonlySet<string> {
  const isTaken = (one: Inventory, book: number | undefined) => {
    const ofBook = answers.map(({ readBack }) => readBack).filter((answer) => answer.book === book);
    return isTakenBefore(plan, one, (key) => ofBook.find(({ inventory }) => inventory === key));
  };
  const books = [...new Set(answers.map(({ readBack }) => readBack.book))];
  return new Set(some.filter((one) => books.some((book) => isTaken(one, book))).map(({ key }) => key));
}

/** Asks about some inventories, and writes the answers down. */
const questioner =
  ({ history, library }: PreparedRun) =>
  async (inventories: readonly Inventory[], asking: Asking, visit?: number): Promise<readonly Answer[]> => {
    const answers = await library.ask(inventories, asking);
    history.append(
      answers.map(({ readBack }) => ({ type: 'read-back', ...readBack, ...(visit !== undefined && { visit }) })),
    );
    return answers;
  };

/** Why a question does not work; undefined where it does. */
function problemOf({ readBack, said }: Answer, inventories: readonly Inventory[], label: string): string | undefined {
  const { inventory, book } = readBack;
  const path = `config.plugins.race.readBack${book === undefined ? '' : `.${book - 1}`}`;
  const shown = said === '' ? '' : ` (${said})`;
  if (readBack.kind === 'unreadable')
    return `${path}: the question who owns ${named(label, inventory)} does not work: ${printable(readBack.error, 400)}${shown}; nothing was booked`;
  const capacity = inventories.find(({ key }) => key === inventory)?.capacity;
  if (readBack.remaining === undefined || capacity === undefined || Number(readBack.remaining) <= Number(capacity))
    return undefined;
  return `${path}: ${readBack.remaining} of ${named(label, inventory)} are left, more than its capacity of ${capacity}: correct the capacity, or remaining${shown}; nothing was booked`;
}
