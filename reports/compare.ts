import { kindsOf, type Verdict } from '../model/index.ts';
import { serverErrorsOf } from './figures.ts';
import type { VerdictFile } from './model.ts';
import { formatMs, formatPercent } from './units.ts';

/** A run by the name under which it is shown. */
export interface NamedRun {
  readonly name: string;
  readonly file: VerdictFile;
}

export type Change = 'better' | 'worse' | 'same' | 'other';

/** One line of the comparison: a value for each run, and for all but the first how it compares with the first. */
export interface ComparedFigure {
  readonly name: string;
  readonly values: readonly string[];
  readonly changes: readonly Change[];
}

/** Several runs side by side, the first as the one that the others are held against. */
export interface Comparison {
  readonly runs: readonly NamedRun[];
  readonly figures: readonly ComparedFigure[];
  /** How often each kind of finding came; only kinds that any of the runs has. */
  readonly findings: readonly ComparedFigure[];
  /** Why the runs are not like for like, in sentences; empty where they are. */
  readonly caveats: readonly string[];
}

/** Times differ from run to run; less than this share is noise. */
const NOISE = 0.1;

const RANK = { fail: 0, inconclusive: 1, pass: 2 } as const satisfies Record<Verdict, number>;

/** What got better or worse from the first run to each of the others. Pure data: the renderers show it. */
export function compareRuns(runs: readonly NamedRun[]): Comparison {
  const files = runs.map(({ file }) => file);
  const count = (name: string, of: (file: VerdictFile) => number) =>
    figure(name, files, of, String, (a, b) => sign(a - b));
  const time = (name: string, of: (file: VerdictFile) => number | undefined) =>
    figure(name, files, of, formatMs, (a, b) => (Math.abs(a - b) <= NOISE * Math.max(a, b) ? 0 : sign(a - b)));
  /** Neither more nor less is better by itself. */
  const fact = (name: string, of: (file: VerdictFile) => number, show: (value: number) => string = String) =>
    figure(name, files, of, show, (a, b) => (a === b ? 0 : undefined));
  return {
    runs,
    figures: [
      {
        name: 'Verdict',
        values: files.map(({ verdict }) => verdict),
        changes: changesOf(
          files.map(({ verdict }) => RANK[verdict]),
          (a, b) => sign(b - a),
        ),
      },
      fact('Requests', ({ totals }) => totals.requests),
      fact('Successes', ({ totals }) => totals.ok),
      // Where a rule leaves more than one right answer, no number of successes is off.
      count('Over- or undersold', ({ totals, expected }) => Math.abs(totals.ok - (expected.ok ?? totals.ok))),
      count('Unknown', ({ totals }) => totals.info),
      fact('Success rate', ({ successRate }) => successRate, formatPercent),
      count('5xx', serverErrorsOf),
      time('p50', ({ responseTimeMs }) => responseTimeMs.p50),
      time('p95', ({ responseTimeMs }) => responseTimeMs.p95),
      time('p99', ({ responseTimeMs }) => responseTimeMs.p99),
      time('Slowest', ({ responseTimeMs }) => responseTimeMs.max),
      time('Median spread', ({ contention }) => contention.medianSpreadMs),
      time('Worst spread', ({ contention }) => contention.worstSpreadMs),
    ],
    findings: kindsOf(files.flatMap(({ findings }) => findings)).map(({ id }) =>
      count(id, ({ findings }) => findings.filter((finding) => finding.id === id).length),
    ),
    caveats: caveatsOf(files),
  };
}

/** Below 0: the second is worse; above 0: it is better; undefined: it is other, and no more can be said. */
type Judge = (first: number, second: number) => number | undefined;

const sign = (value: number) => Math.sign(value);

function figure(
  name: string,
  files: readonly VerdictFile[],
  of: (file: VerdictFile) => number | undefined,
  show: (value: number) => string,
  judge: Judge,
): ComparedFigure {
  const values = files.map(of);
  return {
    name,
    values: values.map((value) => (value === undefined ? '–' : show(value))),
    changes: changesOf(values, judge),
  };
}

function changesOf([first, ...others]: readonly (number | undefined)[], judge: Judge): readonly Change[] {
  return others.map((value) => {
    if (first === undefined || value === undefined) return first === value ? 'same' : 'other';
    const judged = judge(first, value);
    return judged === undefined ? 'other' : judged === 0 ? 'same' : judged > 0 ? 'better' : 'worse';
  });
}

function caveatsOf([first, ...others]: readonly VerdictFile[]): readonly string[] {
  const differs = (of: (file: VerdictFile) => unknown) =>
    first !== undefined && others.some((file) => JSON.stringify(of(file)) !== JSON.stringify(of(first)));
  return [
    ...(differs(({ target }) => target) ? ['The targets differ.'] : []),
    ...(differs(({ vus, rounds }) => [vus, rounds.length]) ? ['The races differ in size.'] : []),
    ...(differs(({ limits }) => limits) ? ['The limits differ.'] : []),
    ...(differs(({ versions }) => versions) ? ['The versions differ.'] : []),
  ];
}
