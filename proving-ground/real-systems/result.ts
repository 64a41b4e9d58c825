import type { VerdictFile } from '../../reports/index.ts';
import type { Lock, RealSystem } from './system.ts';

/** One race of one system. */
export interface Result {
  readonly system: string;
  readonly version: string;
  readonly lock: Lock;
  readonly verdict: VerdictFile['verdict'];
  /** The findings by name, each once. */
  readonly findings: readonly string[];
  /** Seats that were sold, counted in the system's own database. A seat sold twice counts twice. */
  readonly sold: number;
  /** Seats that there were. */
  readonly capacity: number;
  /** The right lock passed and the disabled one failed, and the database says the same, also in numbers. */
  readonly asExpected: boolean;
}

/** A row of `RealSystem.soldSql`. */
export interface Sold {
  readonly seat: string;
  readonly sold: number;
}

type Verdict = Pick<VerdictFile, 'verdict' | 'stored'> & { readonly findings: readonly { readonly id: string }[] };

/** Compares the verdict with what the database holds. */
export function resultOf(
  { name, version, seats }: Pick<RealSystem, 'name' | 'version' | 'seats'>,
  lock: Lock,
  { verdict, stored, findings }: Verdict,
  rows: readonly Sold[],
): Result {
  const ids = [...new Set(findings.map(({ id }) => id))];
  const isOversold = rows.some(({ sold }) => sold > 1);
  const isExact = !isOversold && rows.length === seats.length;
  const sold = rows.reduce((sum, { sold }) => sum + sold, 0);
  // Books that disagree have two numbers, and the verdict shows one of them.
  const isCountedAlike = stored === sold || ids.includes('books-disagree');
  return {
    system: name,
    version,
    lock,
    verdict,
    findings: ids,
    sold,
    capacity: seats.length,
    asExpected:
      isCountedAlike &&
      (lock === 'right'
        ? verdict === 'pass' && isExact
        : verdict === 'fail' && ids.includes('double-booking') && isOversold),
  };
}
