import { EXIT_CODES, type FindingId, type Totals, type Verdict, type VerdictFile } from '../../model/index.ts';

/** The version of the combined verdict file; it goes up when a reader of the old form would be misled. */
export const PACK_VERSION = 1;

/** How one scenario of several ended. */
export type ScenarioEnding =
  | { readonly kind: 'judged'; readonly verdict: VerdictFile }
  /** There is no verdict that can be believed. */
  | { readonly kind: 'broken'; readonly exitCode: number; readonly problem: string }
  | { readonly kind: 'not run'; readonly problem: string };

/** One scenario of several, and how it ended. */
export interface ScenarioRun {
  readonly scenario: string;
  /** The claim that it tests; empty if it does not say. */
  readonly hypothesis: string;
  readonly ending: ScenarioEnding;
  /** Names of its report files, in the folder of the combined ones; absent if it left no files. */
  readonly files?: { readonly html: string; readonly verdict: string; readonly junit: string };
}

/** A scenario that did not run, because the environment lacks something that it needs. It changes no verdict. */
export interface LeftOut {
  readonly scenario: string;
  readonly reason: string;
}

/** Several scenarios that ran one after the other in one environment. */
export interface PackRun {
  readonly env: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** The command that repeats it, without secrets. */
  readonly command: string;
  readonly runs: readonly ScenarioRun[];
  /** Default: none of them. */
  readonly leftOut?: readonly LeftOut[];
}

/** What the combined `.verdict.json` holds. */
export interface PackVerdictFile {
  readonly version: typeof PACK_VERSION;
  readonly scenario: 'all';
  readonly verdict: Verdict;
  readonly exitCode: number;
  readonly env: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly command: string;
  readonly scenarios: readonly ScenarioLine[];
  readonly leftOut: readonly LeftOut[];
}

/** The combined verdict and the JUnit XML of each scenario that left one: what every renderer of a pack is given. */
export interface PackReport extends PackVerdictFile {
  /** By the name of the scenario. */
  readonly junit: ReadonlyMap<string, string>;
}

/** One scenario, as every combined report shows it. */
export interface ScenarioLine {
  readonly scenario: string;
  readonly hypothesis: string;
  /** `broken`: there is no verdict that can be believed. Neither that nor `not run` is ever part of a pass. */
  readonly result: Verdict | 'broken' | 'not run';
  /** Why there is no verdict; absent if there is one. */
  readonly problem?: string;
  readonly runId?: string;
  readonly totals?: Totals;
  readonly rounds?: number;
  readonly worstSpreadMs?: number;
  /** How often each kind of finding came; only kinds that came. */
  readonly findings: Readonly<Partial<Record<FindingId, number>>>;
  /** Names of its files in the same folder. */
  readonly files?: ScenarioRun['files'];
}

/** `fail` beats `inconclusive` beats `pass`. A scenario without a verdict is inconclusive, and so is a pack of no scenarios. */
export function packVerdict(runs: readonly ScenarioRun[]): Verdict {
  const results = runs.map(resultOf);
  if (results.includes('fail')) return 'fail';
  return results.length > 0 && results.every((result) => result === 'pass') ? 'pass' : 'inconclusive';
}

/** The combined verdict of several scenarios. Pure. */
export function packOf({ env, startedAt, durationMs, command, runs, leftOut = [] }: PackRun): PackVerdictFile {
  const verdict = packVerdict(runs);
  return {
    version: PACK_VERSION,
    scenario: 'all',
    verdict,
    exitCode: EXIT_CODES[verdict],
    env,
    startedAt,
    durationMs,
    command,
    scenarios: runs.map(lineOf),
    leftOut,
  };
}

const resultOf = ({ ending }: ScenarioRun): ScenarioLine['result'] =>
  ending.kind === 'judged' ? ending.verdict.verdict : ending.kind;

function lineOf(run: ScenarioRun): ScenarioLine {
  const { scenario, hypothesis, ending, files } = run;
  const line = { scenario, hypothesis, result: resultOf(run), ...(files && { files }) };
  if (ending.kind !== 'judged') return { ...line, problem: ending.problem, findings: {} };
  const { runId, totals, rounds, contention, findings } = ending.verdict;
  const counts = [...Map.groupBy(findings, ({ id }) => id)].map(([id, same]) => [id, same.length]);
  return {
    ...line,
    runId,
    totals,
    rounds: rounds.length,
    ...(contention.worstSpreadMs !== undefined && { worstSpreadMs: contention.worstSpreadMs }),
    findings: Object.fromEntries(counts),
  };
}
