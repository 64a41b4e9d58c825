import { type Inventory, isTakenBefore, type ReadBack, readBackKeysOf } from '../../../../model/index.ts';
import { readHistory } from '../../recording/index.ts';
import { askServer } from '../shared/ask-server.ts';
import { type DeskAnswer, type DeskQuestion, deskChannel } from '../shared/read-back-desk.ts';
import { COUNTER, clockOf } from '../shared/run-context.ts';
import { tlsOptionsOf } from '../shared/tls.ts';
import { leastUnitsOf, pendingKeysOf } from './ask-afterwards.ts';
import type { FollowedRun } from './follow-run.ts';
import type { PreparedRun } from './prepare.ts';

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
 * @param refuse ends the process, with a line for each problem
 */
export function openDesk(prepared: PreparedRun, followed: FollowedRun, refuse: (problem: string) => void): Desk {
  const { run, settings } = prepared;
  const { inventories } = settings.plan;
  const now = clockOf(run);
  const ask = questioner(prepared);
  const asked = new Map<string, number>();

  const before = async (some: readonly Inventory[], rawHeaders: readonly string[]): Promise<ReadonlySet<string>> => {
    const answers = await ask(some, { when: 'before', rawHeaders });
    const unread = answers.find((answer) => answer.kind === 'unreadable');
    if (unread !== undefined && Atomics.load(run.counters, COUNTER.released) === 0) {
      setImmediate(refuse, problemOf(unread, settings.label));
      // Nobody goes on meanwhile.
      return new Promise(() => {});
    }
    const byKey = new Map(answers.map((answer) => [answer.inventory, answer]));
    const isTaken = (one: Inventory) => isTakenBefore(settings.plan, one, (key) => byKey.get(key));
    return new Set(some.filter(isTaken).map(({ key }) => key));
  };
  const after = async (inventory: Inventory): Promise<void> => {
    const history = readHistory(prepared.files.history);
    await ask([inventory], {
      when: 'after',
      rawHeaders: followed.rawHeaders(),
      leastUnits: (key) => leastUnitsOf(history, key),
      restless: pendingKeysOf(history).filter((key) => readBackKeysOf(inventory).includes(key)),
    });
    asked.set(inventory.key, now());
  };

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

  const answer = async ({ inventory: key, when, rawHeaders }: DeskQuestion): Promise<boolean> => {
    if (when === 'before') return isTaken(key, rawHeaders);
    await after(inventories.find((inventory) => inventory.key === key) ?? { key, capacity: 1 });
    return false;
  };
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
  return { askedAtMs: (inventory) => asked.get(inventory), close: () => channel.close() };
}

interface Asking {
  readonly when: ReadBack['when'];
  readonly rawHeaders: readonly string[];
  readonly leastUnits?: (key: string) => number;
  readonly restless?: readonly string[];
}

/** Asks about some inventories, and writes the answers down. */
function questioner({ script, settings, history, run, blotter }: PreparedRun) {
  const { readBack, target, wire } = settings;
  const tls = tlsOptionsOf(script);
  return async (inventories: readonly Inventory[], asking: Asking): Promise<readonly ReadBack[]> => {
    if (readBack === undefined) return [];
    const keys = inventories.flatMap(readBackKeysOf);
    const questions = { settings: readBack, target, keys, tls, wire, now: clockOf(run), blotter, ...asking };
    const answers = await askServer(questions);
    history.append(answers.map((answer) => ({ type: 'read-back', ...answer })));
    return answers;
  };
}

const problemOf = ({ inventory, error }: ReadBack & { readonly kind: 'unreadable' }, label: string): string =>
  `config.plugins.race.readBack: the question who owns ${label} ${inventory} does not work: ${error}; nothing was booked`;
