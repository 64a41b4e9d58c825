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
  /** The right lock passed and the disabled one failed, and the database says the same. */
  readonly asExpected: boolean;
}

/** A row of `RealSystem.soldSql`. */
export interface Sold {
  readonly seat: string;
  readonly sold: number;
}

/** Compares the verdict with what the database holds. */
export function resultOf(
  { name, version, seats }: Pick<RealSystem, 'name' | 'version' | 'seats'>,
  lock: Lock,
  { verdict, findings }: Pick<VerdictFile, 'verdict'> & { readonly findings: readonly { readonly id: string }[] },
  rows: readonly Sold[],
): Result {
  const ids = [...new Set(findings.map(({ id }) => id))];
  const isOversold = rows.some(({ sold }) => sold > 1);
  const isExact = !isOversold && rows.length === seats.length;
  return {
    system: name,
    version,
    lock,
    verdict,
    findings: ids,
    sold: rows.reduce((sum, { sold }) => sum + sold, 0),
    capacity: seats.length,
    asExpected:
      lock === 'right'
        ? verdict === 'pass' && isExact
        : verdict === 'fail' && ids.includes('double-booking') && isOversold,
  };
}
