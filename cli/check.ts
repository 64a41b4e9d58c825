import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { capacityOf, counted, type Inventory, wordsOfRun } from '../model/index.ts';
import { isMapping } from '../model/json.ts';
import { type AskedOnce, askOnce } from '../plugin/src/artillery/launcher/ask-once.ts';
import type { ArtilleryScript } from '../plugin/src/artillery/shared/artillery.ts';
import { failureReason } from '../plugin/src/artillery/shared/failure-reason.ts';
import { bookName, InputError, publicUrl, type RunSettings } from '../plugin/src/config/index.ts';
import { fromHere } from '../plugin/src/reporting/index.ts';
import { printable } from '../reports/index.ts';
import type { Env, Invocation } from './invocation.ts';
import { checkTargets } from './preflight.ts';
import type { PreparedPack, PreparedScenario } from './prepare.ts';
import { signInFirst, withApi } from './race.ts';
import { knownHeaders, type WayToTheRace, wayToTheRace } from './untried.ts';

/**
 * Finds out all that can be known without booking: the configuration, whether the target is there, the sign-in, and what the
 * read-backs say about the first inventory. Never sends a raced request. Prints a line for each.
 *
 * @returns the exit code: 0
 * @throws InputError if something is wrong
 */
export async function check({ prepared, leftOut }: PreparedPack, invocation: Invocation): Promise<number> {
  const print = (line: string) => invocation.args.quiet || console.log(line);
  for (const each of prepared) {
    print(`${fromHere(each.file)}${each.environment === undefined ? '' : ` in ${each.environment}`}`);
    await checkOne(each, invocation, (what, said, isTried = true) =>
      print(`  ${isTried ? '✓' : '–'} ${what.padEnd(14)}${printable(said, 1000)}`),
    );
  }
  for (const { scenario, reason } of leftOut) print(`${scenario}\n  – left out      ${printable(reason, 1000)}`);
  print('Nothing was booked.');
  return 0;
}

type Say = (what: string, said: string, isTried?: boolean) => void;

async function checkOne(prepared: PreparedScenario, invocation: Invocation, say: Say): Promise<void> {
  const { settings, outputDir, needsApi } = prepared;
  await checkTargets([prepared], invocation.signal);
  await checkWritable(outputDir);
  await withApi(prepared, invocation, async (env, url) => {
    const own = url === undefined ? settings : prepared.settingsFor(env);
    const way = wayToTheRace(prepared);
    const token = await signInFirst(prepared, own, env, invocation.signal);
    const rawHeaders = token === undefined ? knownHeaders(way.raced, prepared.config, env) : bearer(token);
    const asked = await askOnce({
      script: scriptOf(prepared, own),
      settings: own,
      settingsWith: (sourced) => prepared.settingsFor(env, sourced),
      rawHeaders,
    });
    say('configuration', sizeOf(asked.settings));
    say('target', `${publicUrl(own.target)} is there${needsApi ? ' (the bundled API)' : ''}`);
    const untried = untriedSignIn(prepared, own, way, token, env);
    if (token !== undefined && !isGiven(own, env)) say('sign-in', 'virtual user 1 got a token');
    else if (untried === undefined) say('sign-in', 'the suite has none before the booking');
    if (untried !== undefined) say('sign-in', `not tried: ${untried}`, false);
    sayReadBack(asked, way.steps.length > 0 && token === undefined, say);
  });
}

const bearer = (token: string) => ['Authorization', `Bearer ${token}`];

/** The folder may not be there yet, and a check leaves none behind. */
async function checkWritable(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isMissing && dirname(folder) !== folder) return checkWritable(dirname(folder));
    throw new InputError(`cannot write to the output folder ${folder} (${failureReason(error)}): set ORDER_OUTPUT_DIR`);
  }
}

function sizeOf(settings: RunSettings): string {
  const { contenders, inventories } = settings.plan;
  const { one, many } = wordsOfRun(settings);
  const users = counted(contenders, 'VU');
  return inventories.length === 0 ? users : `${users} × ${counted(inventories.length, one, many)}`;
}

/** A token that the user gave: only the target can tell whether it is good. */
const isGiven = ({ orderVariables }: RunSettings, env: Env): boolean => orderVariables && Boolean(env.ORDER_TOKEN);

/** Which sign-in a check cannot try, in words; undefined if there is no other. */
function untriedSignIn(
  { config, scenario }: PreparedScenario,
  settings: RunSettings,
  { steps }: WayToTheRace,
  token: string | undefined,
  env: Env,
): string | undefined {
  if (isGiven(settings, env)) return 'ORDER_TOKEN, as only the target can tell whether it is good';
  const { signIn } = isMapping(config.variables) ? config.variables : {};
  const others = settings.plan.contenders - 1;
  if (token !== undefined && isMapping(signIn) && signIn.identities !== undefined && others > 0) {
    return `that of the other ${counted(others, 'virtual user')} in ${signIn.identities}`;
  }
  if (token !== undefined || scenario.isBundled || steps.length === 0) return undefined;
  return `what the flow does before it books, which only a virtual user can do: ${[...new Set(steps)].join(', ')}`;
}

function sayReadBack({ settings: { readBack = [] }, inventory, answers }: AskedOnce, maySignIn: boolean, say: Say) {
  if (readBack.length === 0) {
    say('read-back', 'the suite has none, so the answers alone will be believed', false);
  } else if (inventory === undefined) {
    say('read-back', `not asked: only the race tells what it is for (${readBack.map(bookName).join(', ')})`, false);
  }
  for (const { readBack: answer, said } of answers) {
    const book = readBack[(answer.book ?? 1) - 1];
    const asked = said || (book === undefined ? 'the read-back' : bookName(book));
    if (answer.kind === 'read') say('read-back', `${asked}: ${stateOf(answer, inventory)}`);
    else if (maySignIn && /^status 40[13]$/.test(answer.error)) {
      say('read-back', `${asked}: it wants somebody who is signed in (${answer.error})`, false);
    } else throw new InputError(`the read-back of ${answer.inventory}: ${asked}: ${answer.error}`);
  }
}

type ReadAnswer = Extract<AskedOnce['answers'][number]['readBack'], { kind: 'read' }>;

function stateOf({ inventory, units }: ReadAnswer, asked: Inventory | undefined): string {
  if (units === 0) return `${inventory} is free`;
  const capacity = asked?.parts === undefined && asked !== undefined ? Number(capacityOf(asked)) : 1;
  return `${inventory} is taken (${units} of ${capacity}), so there is ${units < capacity ? 'less' : 'nothing'} to race for`;
}

/** As Artillery would hand it to its plugins. */
const scriptOf = ({ config, sections, environment, file }: PreparedScenario, { target }: RunSettings) =>
  ({
    ...sections,
    config: { ...config, target },
    ...(environment !== undefined && { _environment: environment }),
    _scriptPath: file,
  }) as ArtilleryScript;
