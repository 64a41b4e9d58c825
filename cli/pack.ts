import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { InputError } from '../plugin/src/config/index.ts';
import {
  claimRunName,
  fromHere,
  listOf,
  type ReportFiles,
  reportFilesAt,
  styleOf,
  tellGithubOfPack,
  unusedReportFiles,
  writeReports,
} from '../plugin/src/reporting/index.ts';
import {
  PACK_RENDERERS,
  type PackVerdictFile,
  packOf,
  renderPackSummary,
  type ScenarioEnding,
  type ScenarioRun,
  type VerdictFile,
} from '../reports/index.ts';
import type { PreparedPack, PreparedScenario } from './prepare.ts';
import { printError } from './print-error.ts';
import { type RaceOptions, race } from './race.ts';
import type { FinishedScenario } from './verdict.ts';

const ERASE_LINE = '\r\x1b[2K';

/** Each scenario prints all about its run. */
const printsAll = ({ verbose, allFailures }: RaceOptions['args']) => verbose || allFailures;

/** The combined reports of several scenarios. */
export interface FinishedPack {
  readonly exitCode: number;
  /** The path of the index page. */
  readonly html: string;
}

/**
 * Runs scenarios one after the other, and writes reports about all of them together: one verdict, one JUnit file, one
 * Markdown file and an index page. If a scenario breaks, the next one still runs, but the verdict is not a pass.
 *
 * @param commandOf the command that repeats one scenario
 */
export async function racePack(
  { prepared, leftOut }: PreparedPack,
  options: RaceOptions,
  commandOf: (scenario: string) => string,
): Promise<FinishedPack> {
  const { root, command } = options;
  const environment = prepared[0]?.environment ?? '';
  const startedAt = new Date();
  const startMs = performance.now();
  const dir = prepared[0]?.outputDir ?? join(root, 'output');
  const run = { dir, name: 'all_scenarios', environment, startedAt };
  const files = claimRunName(run, unusedReportFiles);
  const runs: ScenarioRun[] = [];
  for (const each of prepared) {
    announce(each, runs.length + 1, prepared.length, options);
    const env = { ...options.env, ORDER_IN_PACK: '1' };
    runs.push(await scenarioRun(each, { ...options, env, command: commandOf(each.scenario.name) }));
  }
  const durationMs = performance.now() - startMs;
  const pack = packOf({ env: environment, startedAt: startedAt.toISOString(), durationMs, command, runs, leftOut });
  const report = { ...pack, junit: junitIn(pack, dir) };
  const warnings = writeReports({ files, verdict: pack, report, renderers: PACK_RENDERERS });
  for (const line of [...tellGithubOfPack(pack, process.env), ...warnings]) console.log(line);
  printSummary(pack, files, options);
  return { exitCode: pack.exitCode, html: files.html };
}

function announce({ scenario }: PreparedScenario, number: number, count: number, { args, signal }: RaceOptions): void {
  if (args.quiet || signal.aborted) return;
  const { columns, isTTY } = process.stdout;
  const text = `${number} of ${count}: ${scenario.name} (${scenario.hypothesis})`;
  // On a terminal, the progress line of the run comes in its place.
  if (isTTY && !printsAll(args)) process.stdout.write(`${ERASE_LINE}${text.slice(0, columns - 1)}`);
  else console.log(text);
}

async function scenarioRun(prepared: PreparedScenario, options: RaceOptions): Promise<ScenarioRun> {
  const { name: scenario, hypothesis } = prepared.scenario;
  if (options.signal.aborted) {
    return { scenario, hypothesis, ending: { kind: 'not run', problem: 'interrupted before it began' } };
  }
  try {
    const finished = await race(prepared, options);
    if (finished.problem !== undefined) printError(finished.problem);
    const files = finished.verdict === undefined ? undefined : filesBeside(finished.verdict.path);
    return { scenario, hypothesis, ending: endingIn(finished), ...(files && { files }) };
  } catch (error) {
    return { scenario, hypothesis, ending: brokenBy(error, options) };
  }
}

/** An interruption or bad input breaks one scenario. Any other error is a bug, and ends the command. */
function brokenBy(error: unknown, { signal }: RaceOptions): ScenarioEnding {
  const isInput = error instanceof InputError;
  if (!isInput && !signal.aborted) throw error;
  const problem = signal.aborted ? 'interrupted' : (error as Error).message;
  printError(problem);
  return { kind: 'broken', exitCode: isInput ? 2 : 1, problem };
}

/** A scenario whose suite broke otherwise is no part of a pass. */
function endingIn({ exitCode, result, problem, verdict }: FinishedScenario): ScenarioEnding {
  if (verdict === undefined || result === 'broken' || (result === 'pass' && exitCode !== 0)) {
    return { kind: 'broken', exitCode, problem: problem ?? `Artillery exited with ${exitCode}` };
  }
  return { kind: 'judged', verdict: JSON.parse(verdict.text) as VerdictFile };
}

function filesBeside(verdictPath: string): NonNullable<ScenarioRun['files']> {
  const { html, verdict, junit } = reportFilesAt(basename(verdictPath).replace(/\.verdict\.json$/, ''));
  return { html, verdict, junit };
}

function printSummary(pack: PackVerdictFile, files: ReportFiles, { root, args }: RaceOptions): void {
  const paths = listOf(files);
  const shown = process.cwd() === root ? paths.map(fromHere) : paths;
  const detail = args.quiet ? 'quiet' : printsAll(args) ? 'full' : 'screen';
  const erase = process.stdout.isTTY ? ERASE_LINE : '';
  console.log(`${erase}${renderPackSummary(pack, styleOf(process.env), shown, detail)}`);
}

/** The JUnit XML of each scenario that left one. */
function junitIn({ scenarios }: PackVerdictFile, dir: string): ReadonlyMap<string, string> {
  return new Map(
    scenarios.flatMap(({ scenario, files }): [string, string][] => {
      const file = files && join(dir, files.junit);
      return file !== undefined && existsSync(file) ? [[scenario, readFileSync(file, 'utf8')]] : [];
    }),
  );
}
