import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { EXIT_CODES } from '../model/index.ts';
import { ConfigError } from '../plugin/src/config/index.ts';
import {
  fromHere,
  listOf,
  type ReportFiles,
  reportFilesAt,
  runName,
  styleOf,
  writeAll,
} from '../plugin/src/reporting/index.ts';
import {
  type PackVerdictFile,
  packOf,
  renderPackHtml,
  renderPackJunit,
  renderPackMarkdown,
  renderPackSummary,
  type ScenarioEnding,
  type ScenarioRun,
  type VerdictFile,
} from '../reports/index.ts';
import { InputError } from './input-error.ts';
import type { PreparedScenario } from './prepare.ts';
import { type FinishedScenario, type RaceOptions, race } from './race.ts';

/** The combined reports of several scenarios. */
export interface FinishedPack {
  readonly exitCode: number;
  /** The index page. */
  readonly html: string;
}

/**
 * Runs scenarios one after the other, and writes one verdict, one JUnit file, one Markdown and an index page on all of
 * them. One that breaks is no reason not to run the next, and never part of a pass.
 *
 * @param commandOf the command that repeats one scenario
 */
export async function racePack(
  prepared: readonly PreparedScenario[],
  options: RaceOptions,
  commandOf: (scenario: string) => string,
): Promise<FinishedPack> {
  const startedAt = new Date();
  const startMs = performance.now();
  const dir = resolve(options.root, prepared[0]?.settings.outputDir ?? 'output');
  const files = filesIn(dir, options.args.environment, startedAt);
  const runs: ScenarioRun[] = [];
  for (const its of prepared) {
    announce(its, runs.length + 1, prepared.length, options);
    runs.push(await scenarioRun(its, { ...options, command: commandOf(its.scenario.name) }));
  }
  const pack = packOf({
    env: options.args.environment,
    startedAt: startedAt.toISOString(),
    durationMs: performance.now() - startMs,
    command: options.command,
    runs,
  });
  writePack(pack, files, dir);
  const written = listOf(files);
  const shown = process.cwd() === options.root ? written.map(fromHere) : written;
  const style = styleOf(process.env);
  console.log(`${options.args.quiet ? '' : '\n'}${renderPackSummary(pack, style, shown)}`);
  return { exitCode: pack.exitCode, html: files.html };
}

function announce({ scenario }: PreparedScenario, number: number, count: number, { args, signal }: RaceOptions): void {
  if (args.quiet || signal.aborted) return;
  console.log(`\n${number} of ${count}: ${scenario.name} (${scenario.hypothesis})`);
}

async function scenarioRun(prepared: PreparedScenario, options: RaceOptions): Promise<ScenarioRun> {
  const { name: scenario, hypothesis } = prepared.scenario;
  const its = { scenario, hypothesis };
  if (options.signal.aborted) return { ...its, ending: { kind: 'not run', problem: 'interrupted before it began' } };
  try {
    const finished = await race(prepared, options);
    if (finished.problem !== undefined) console.error(`Error: ${finished.problem}`);
    const files = finished.verdict === undefined ? undefined : filesBeside(finished.verdict.path);
    return { ...its, ending: endingIn(finished), ...(files && { files }) };
  } catch (error) {
    const isInput = error instanceof InputError || error instanceof ConfigError;
    if (!isInput && !options.signal.aborted) throw error;
    const problem = options.signal.aborted ? 'interrupted' : (error as Error).message;
    console.error(`Error: ${problem}`);
    return { ...its, ending: { kind: 'broken', exitCode: isInput ? 2 : 1, problem } };
  }
}

/** Where Artillery and the verdict do not agree on a pass, nobody can say what it was. */
function endingIn({ exitCode, problem, verdict }: FinishedScenario): ScenarioEnding {
  const isJudged = (Object.values(EXIT_CODES) as number[]).includes(exitCode);
  if (verdict === undefined || !isJudged) {
    return { kind: 'broken', exitCode, problem: problem ?? `Artillery exited with ${exitCode}` };
  }
  return { kind: 'judged', verdict: JSON.parse(verdict.text) as VerdictFile };
}

function filesBeside(verdictPath: string): NonNullable<ScenarioRun['files']> {
  const { html, verdict, junit } = reportFilesAt(basename(verdictPath).replace(/\.verdict\.json$/, ''));
  return { html, verdict, junit };
}

/** Several runs may start in one folder within one second: the time in a name only labels. */
function filesIn(dir: string, environment: string, startedAt: Date): ReportFiles {
  for (let shiftMs = 0; ; shiftMs += 1000) {
    const base = join(dir, runName('all_scenarios', environment, new Date(startedAt.getTime() + shiftMs)));
    const files = reportFilesAt(base);
    if (!Object.values(files).some((file) => existsSync(file))) return files;
  }
}

/** The verdict comes last, as with a single run. */
function writePack(pack: PackVerdictFile, files: ReportFiles, dir: string): void {
  const junit = renderPackJunit(pack, (line) => textOf(line.files && join(dir, line.files.junit)));
  writeAll([
    [files.html, renderPackHtml(pack)],
    [files.junit, junit],
    [files.markdown, renderPackMarkdown(pack)],
    [files.verdict, `${JSON.stringify(pack, undefined, 2)}\n`],
  ]);
}

function textOf(file: string | undefined): string | undefined {
  return file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
