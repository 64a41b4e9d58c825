import fs from 'node:fs';
import path from 'node:path';
import type { FinishedRun } from './artillery.ts';
import { temporaryFolder } from './fixtures.ts';

/** A run as Artillery and the other plugins of its suite saw it, without what differs from run to run. */
export interface Seen {
  readonly code: number | null;
  readonly counters: Readonly<Record<string, number>>;
  /** The names of the rates. */
  readonly rates: readonly string[];
  /** How many values each histogram has. */
  readonly histograms: Readonly<Record<string, number>>;
  /** What the suite itself printed: lines that begin with `suite:`, sorted. */
  readonly log: readonly string[];
}

interface Report {
  readonly aggregate: {
    readonly counters: Readonly<Record<string, number>>;
    readonly rates: Readonly<Record<string, number>>;
    readonly histograms: Readonly<Record<string, { readonly count: number }>>;
  };
}

export const reportFile = (): string => path.join(temporaryFolder('report-'), 'report.json');

/** @param report the file of Artillery's metrics */
export function seenBy({ code, stdout }: FinishedRun, report: string): Seen {
  const { counters, rates, histograms } = (JSON.parse(fs.readFileSync(report, 'utf8')) as Report).aggregate;
  const isOurs = (name: string) => name.startsWith('race.');
  const theirs = <T>(values: Readonly<Record<string, T>>) => Object.entries(values).filter(([name]) => !isOurs(name));
  return {
    code,
    counters: Object.fromEntries(theirs(counters)),
    rates: theirs(rates)
      .map(([name]) => name)
      .toSorted(),
    histograms: Object.fromEntries(theirs(histograms).map(([name, { count }]) => [name, count])),
    log: stdout
      .replaceAll(/127\.0\.0\.1:\d+/g, 'shop')
      .split('\n')
      .filter((line) => line.startsWith('suite:'))
      .toSorted(),
  };
}

/** The suite without the plugin: neither its block nor any `race:` line. */
export function withoutRace(suite: unknown): unknown {
  if (Array.isArray(suite)) return suite.map(withoutRace);
  if (typeof suite !== 'object' || suite === null) return suite;
  return Object.fromEntries(
    Object.entries(suite).flatMap(([name, value]) => (name === 'race' ? [] : [[name, withoutRace(value)]])),
  );
}
