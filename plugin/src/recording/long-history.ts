import fs from 'node:fs';
import type { Attempt, History, Inventory, RunRecord } from '../../../model/index.ts';
import { checkOperation, createCollector } from './history-file.ts';
import { atLine, piecesOf, recordsIn, type Said } from './history-records.ts';

/** A history with too many repeated rounds to hold. Its attempts are read from the file again, one visit after the other. */
export interface LongHistory {
  /** The history without its attempts and read-backs. */
  readonly frame: History;
  /** In the order in which they end. Reads the file each time. */
  visits(): Iterable<VisitRecords>;
}

/** All that is recorded about one visit to an inventory; about what is no part of the plan, there may be only read-backs. */
export interface VisitRecords extends Pick<History, 'attempts' | 'unjudged' | 'readBacks'> {
  readonly inventory: Inventory;
}

/** A history of this size is held in memory: some 35,000 attempts. */
const HELD_BYTES = 16_000_000;

/**
 * Opens the history of a long run whose rounds repeat.
 *
 * @param heldBytes a file up to this size is no long history
 * @returns undefined for any other history, which fits into memory
 * @throws HistoryError, and the error of the file system, e.g. ENOENT
 */
export function readLongHistory(file: string, heldBytes = HELD_BYTES): LongHistory | undefined {
  if (fs.statSync(file).size <= heldBytes) return undefined;
  const collector = createCollector();
  const lastLines = new Map<string, number>();
  const damaged: number[] = [];
  const fd = fs.openSync(file, 'r');
  try {
    let run: RunRecord | undefined;
    for (const line of recordsIn(piecesOf(fd), damaged)) {
      const { attempt, record, number } = line;
      if (record?.type === 'run') run = record;
      // The histories of several machines are judged together.
      if (run?.plan.repeat === undefined || run.machine !== undefined) return undefined;
      if (attempt !== undefined) atLine(number, () => checkOperation(attempt, run));
      const about = aboutVisit(line);
      if (about === undefined) atLine(number, () => collector.take(line));
      else lastLines.set(idOf(about), number);
    }
  } finally {
    fs.closeSync(fd);
  }
  const frame = collector.history(damaged);
  return { frame, visits: () => visitsIn(file, frame, lastLines) };
}

/** Which part of which visit a record is about. */
const idOf = ({ visit = 1, inventory }: Pick<Attempt, 'visit' | 'inventory'>): string => `${visit} ${inventory}`;

/** Undefined where the record is about the whole run. */
const aboutVisit = ({ attempt, record }: Said) => attempt ?? (record.type === 'read-back' ? record : undefined);

function* visitsIn(file: string, { run }: History, lastLines: ReadonlyMap<string, number>): Generator<VisitRecords> {
  const wholes = new Map(
    run.plan.inventories.flatMap((inventory) =>
      [inventory.key, ...(inventory.parts ?? [])].map((key) => [key, inventory] as const),
    ),
  );
  const wholeOf = (key: string): Inventory => wholes.get(key) ?? { key, capacity: 1 };
  const left = partsLeft(lastLines, wholeOf);
  const open = new Map<string, { readonly whole: Inventory; readonly collector: ReturnType<typeof createCollector> }>();
  const fd = fs.openSync(file, 'r');
  try {
    for (const line of recordsIn(piecesOf(fd), [], true)) {
      const about = aboutVisit(line);
      if (about === undefined) continue;
      const whole = wholeOf(about.inventory);
      const visit = `${about.visit ?? 1} ${whole.key}`;
      const taken = open.get(visit) ?? { whole, collector: createCollector() };
      if (!open.has(visit)) {
        taken.collector.take({ record: run });
        open.set(visit, taken);
      }
      taken.collector.take(line);
      if (lastLines.get(idOf(about)) !== line.number) continue;
      left.set(visit, (left.get(visit) ?? 1) - 1);
      if (left.get(visit) !== 0) continue;
      open.delete(visit);
      const { attempts, unjudged, readBacks } = taken.collector.history();
      yield { inventory: whole, attempts, ...(unjudged && { unjudged }), readBacks };
    }
  } finally {
    fs.closeSync(fd);
  }
}

/** How many parts of each visit have not ended yet: the inventory itself, and what it is made of. */
function partsLeft(lastLines: ReadonlyMap<string, number>, wholeOf: (key: string) => Inventory): Map<string, number> {
  const left = new Map<string, number>();
  for (const id of lastLines.keys()) {
    const space = id.indexOf(' ');
    const visit = `${id.slice(0, space)} ${wholeOf(id.slice(space + 1)).key}`;
    left.set(visit, (left.get(visit) ?? 0) + 1);
  }
  return left;
}
