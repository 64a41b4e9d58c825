import { kindsOf, type Verdict, type VerdictFile } from '../model/index.ts';
import { serverErrorsOf } from './statuses.ts';
import { formatMs, formatPercent, UNKNOWN } from './units.ts';

/** A verdict file and the name under which it is shown. */
export interface NamedRun {
  readonly name: string;
  readonly file: VerdictFile;
}

/** How a value compares with that of the first run. `other`: it differs, and nobody can say which is better. */
export type Change = 'better' | 'worse' | 'same' | 'other';

/** One line of the comparison: a value for each run, and a change for each run but the first. */
export interface ComparedFigure {
  readonly name: string;
  readonly values: readonly string[];
  readonly changes: readonly Change[];
}

/** Several runs side by side; the others are compared with the first. */
export interface Comparison {
  readonly runs: readonly NamedRun[];
  readonly figures: readonly ComparedFigure[];
  /** How often each kind of finding came; only kinds that any of the runs has. */
  readonly findings: readonly ComparedFigure[];
  /** Sentences that say why the runs cannot be compared like for like. */
  readonly caveats: readonly string[];
}

/** Times that differ by less than this share count as the same: they differ from run to run. */
const NOISE = 0.1;

const RANK = { fail: 0, inconclusive: 1, pass: 2 } as const satisfies Record<Verdict, number>;

/** What got better or worse from the first run to each of the others. Pure data: the renderers show it. */
export function compareRuns(runs: readonly NamedRun[]): Comparison {
  const files = runs.map(({ file }) => file);
  const count = (name: string, of: (file: VerdictFile) => number) => figure(name, files, of, String, lessIsBetter);
  const time = (name: string, of: (file: VerdictFile) => number | undefined) => {
    const { changes, ...rest } = figure(name, files, of, formatMs, changeOfTime);
    // Only what does its work right is fast: a target that sells twice may well answer sooner.
    return {
      ...rest,
      changes: changes.map((change, index) => (passed(files[0], files[index + 1]) ? change : 'other')),
    };
  };
  /** Neither more nor less is better. */
  const fact = (name: string, of: (file: VerdictFile) => number, show: (value: number) => string = String) =>
    figure(name, files, of, show, (a, b) => (a === b ? 'same' : 'other'));
  const ranks = files.map(({ verdict }) => RANK[verdict]);
  return {
    runs,
    figures: [
      {
        name: 'Verdict',
        values: files.map(({ verdict }) => verdict),
        changes: changesOf(ranks, (a, b) => lessIsBetter(b, a)),
      },
      fact('Requests', ({ totals }) => totals.requests),
      fact('Successes', ({ totals }) => totals.ok),
      figure('Excludes above', files, boundOf, (share) => formatPercent(share, 1), lessIsBetter),
      fact('Refusals', ({ totals }) => totals.fail),
      // If several numbers of successes are right, nothing can be over- or undersold.
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

const passed = (...files: readonly (VerdictFile | undefined)[]): boolean =>
  files.every((file) => file?.verdict === 'pass');

/** Only a pass excludes anything. */
const boundOf = ({ verdict, strength }: VerdictFile): number | undefined =>
  verdict === 'pass' ? strength.bound : undefined;

/** How a time compares with one before; unknown where one of them was not measured. */
export function changeOfTime(first: number | undefined, other: number | undefined): Change {
  if (first === undefined || other === undefined) return first === other ? 'same' : 'other';
  return Math.abs(first - other) <= NOISE * Math.max(first, other) ? 'same' : lessIsBetter(first, other);
}

type Compare = (first: number, other: number) => Change;

const lessIsBetter: Compare = (first, other) => (other < first ? 'better' : other > first ? 'worse' : 'same');

function figure(
  name: string,
  files: readonly VerdictFile[],
  of: (file: VerdictFile) => number | undefined,
  show: (value: number) => string,
  compare: Compare,
): ComparedFigure {
  const values = files.map(of);
  return {
    name,
    values: values.map((value) => (value === undefined ? UNKNOWN : show(value))),
    changes: changesOf(values, compare),
  };
}

function changesOf([first, ...others]: readonly (number | undefined)[], compare: Compare): readonly Change[] {
  return others.map((value) => {
    if (first === undefined || value === undefined) return first === value ? 'same' : 'other';
    return compare(first, value);
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
