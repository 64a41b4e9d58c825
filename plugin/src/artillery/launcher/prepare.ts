import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { HISTORY_VERSION, type RunRecord } from '../../../../model/index.ts';
import { isMapping } from '../../../../model/json.ts';
import manifest from '../../../package.json' with { type: 'json' };
import {
  checkNoPluginsOutside,
  checkRaceLines,
  checkValue,
  environmentsFileOf,
  InputError,
  noticeOfAfter,
  publicUrl,
  type RunSettings,
} from '../../config/index.ts';
import { type Blotter, createSharedSecrets, type HistoryWriter, openHistory } from '../../recording/index.ts';
import { type ArtilleryScript, artilleryGlobal } from '../shared/artillery.ts';
import { racersOf } from '../shared/raced-steps.ts';
import { learnFromSuite, runBlotter } from '../shared/run-blotter.ts';
import { type RunContext, shareRun } from '../shared/run-context.ts';
import { settingsOf } from '../shared/settings.ts';
import { type Library, openLibrary } from './books/index.ts';
import { checkFiles } from './check-files.ts';
import { inventoriesForAll, joinMachines, type Machines, orTellAll } from './machines/index.ts';
import { createOutputFiles, type OutputFiles } from './output-files.ts';
import { checkRepeat } from './repeat/check-repeat.ts';
import { commandOf } from './repeat-command.ts';
import { sourcedInventories } from './sources/index.ts';

/** A run that may begin: its input is checked, its files exist, and its history has the first record. */
export interface PreparedRun {
  readonly script: ArtilleryScript;
  readonly settings: RunSettings;
  readonly files: OutputFiles;
  readonly history: HistoryWriter;
  readonly blotter: Blotter;
  /** Set for the workers, which start after this. */
  readonly run: RunContext;
  /** Whom to ask who owns what. */
  readonly library: Library;
  /** Undefined where this is the only machine. */
  readonly machines: Machines | undefined;
}

/**
 * Checks the whole input, and then makes what a run needs. Prints notices about the environment and the section `after` on stdout.
 *
 * @param scenarioName `--scenario-name` of Artillery, if given
 * @throws InputError with one line for each problem; nothing was started then
 */
export function prepare(script: ArtilleryScript, scenarioName?: string): PreparedRun {
  const { config, scenarios, before, after } = script;
  checkValue({ config, scenarios, before, after }, 'the script');
  // A suite of the user's own may have other plugins there: it runs without them, as it does without this plugin.
  if (script.plugins?.race !== undefined) checkNoPluginsOutside({ plugins: script.plugins });
  const notice = noticeOfEnvironment(script);
  const asWritten = settingsOf(script);
  const originNs = process.hrtime.bigint();
  const machines = joinMachines(script, asWritten, originNs);
  return orTellAll(machines, () => prepareOn(machines, originNs, { script, scenarioName, asWritten, notice }));
}

interface Written {
  readonly script: ArtilleryScript;
  readonly scenarioName: string | undefined;
  readonly asWritten: RunSettings;
  readonly notice: string | undefined;
}

function prepareOn(machines: Machines | undefined, originNs: bigint, written: Written): PreparedRun {
  const { script, scenarioName, asWritten, notice } = written;
  const sourced = inventoriesForAll(machines, () => sourcedInventories(script, asWritten));
  const settings = sourced === undefined ? asWritten : settingsOf(script, sourced);
  const ofAfter = settings.readBack === undefined ? undefined : noticeOfAfter(script.after);
  const notices = [notice, ofAfter].filter((text) => text !== undefined);
  if (!settings.console.quiet) process.stdout.write(notices.map((text) => `${text}\n`).join(''));
  checkRaceLines(script, settings.plan, scenarioName);
  checkRepeat(script, settings);
  checkFiles(script);
  tellIgnored(settings.ignoredVariables);
  const startedAt = new Date();
  const runId = settings.machines.meeting?.run ?? (process.env.ORDER_RUN_ID?.trim() || randomUUID());
  const secrets = createSharedSecrets(machines?.key);
  const blotter = runBlotter(secrets, settings, script);
  learnFromSuite(blotter, script, process.env);
  const library = openLibrary({ script, settings, blotter });
  const among = machines === undefined ? {} : { machine: machines.machine };
  const record = { ...runRecord(runId, startedAt, script, settings), ...among };
  const { files, history } = openFiles(settings, startedAt, withoutSecrets(record, blotter));
  const shared = { runId, historyFile: files.history, racers: racersOf(script, settings), secrets, sourced, originNs };
  const run = shareRun({ ...shared, ...among, machines: settings.machines.count }, settings.plan);
  return { script, settings, files, history, blotter, run, library, machines };
}

/** A sentence for the user if the environment is in the shared file: Artillery has just warned that it is missing. */
function noticeOfEnvironment({ config, _environment: name }: ArtilleryScript): string | undefined {
  const { environments } = config;
  const isInScript = name === undefined || (isMapping(environments) && Object.hasOwn(environments, name));
  const file = environmentsFileOf(config);
  if (isInScript || file === undefined) return undefined;
  return `Environment ${name} is in ${file}, which Artillery does not read. What it warns of does no harm; it is silent with "environments: { ${name}: {} }" under config`;
}

/** In a suite of the user's own, a variable that was set for another one must not change what is raced. */
function tellIgnored(names: readonly string[]): void {
  if (names.length === 0) return;
  const are = names.length === 1 ? 'is' : 'are';
  const why = 'this suite has no "config.plugins.race.orderVariables: true"';
  process.stderr.write(`${names.join(', ')} ${are} set and ignored: ${why}\n`);
}

function openFiles({ outputDir, outputName, environment }: RunSettings, startedAt: Date, first: RunRecord) {
  const dir = path.resolve(outputDir);
  try {
    const files = createOutputFiles({ dir, name: outputName, environment, startedAt }, first.machine);
    const history = openHistory(files.history);
    history.append([first]);
    return { files, history };
  } catch (error) {
    throw new InputError(`the output folder ${dir} cannot be written: ${(error as Error).message}`);
  }
}

const withoutSecrets = (record: RunRecord, blotter: Blotter): RunRecord => ({
  ...record,
  target: blotter.text(record.target),
  ...(record.targetVersion !== undefined && { targetVersion: blotter.text(record.targetVersion) }),
  config: blotter.all(record.config),
  command: blotter.text(record.command),
});

function runRecord(runId: string, startedAt: Date, script: ArtilleryScript, settings: RunSettings): RunRecord {
  return {
    type: 'run',
    version: HISTORY_VERSION,
    runId,
    startedAt: startedAt.toISOString(),
    env: settings.environment,
    target: publicUrl(settings.target),
    scenario: path.basename(script._scriptPath ?? 'script'),
    label: settings.label,
    ...(settings.targetVersion !== '' && { targetVersion: settings.targetVersion }),
    plan: settings.plan,
    config: settings.published,
    command: process.env.ORDER_COMMAND ?? commandOf(script),
    versions: {
      plugin: manifest.version,
      artillery: artilleryGlobal()?.version ?? 'unknown',
      node: process.versions.node,
    },
  };
}
