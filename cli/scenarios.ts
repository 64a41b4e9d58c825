import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_RULE } from '../model/index.ts';
import { InputError, suggestion } from '../plugin/src/config/index.ts';

/** One of the files in `scenarios/`. */
export interface Scenario {
  /** The value of `--scenario`: the file name without `.yml`. */
  readonly name: string;
  /** The path, from the root of the repository. */
  readonly file: string;
  /** The claim that the scenario tests, in one sentence. */
  readonly hypothesis: string;
}

/** The scenario that runs without `--scenario`: its file is named after the default rule. */
export const ORDER_RACE: string = DEFAULT_RULE;
/** The value of `--scenario` that runs all of them. */
export const ALL = 'all';

const FOLDER = 'scenarios';
/** All scenarios share this file. It is not a scenario. */
const ENVIRONMENTS = 'environments.yml';

/** Every scenario: the order race first, the others by name. */
export function listScenarios(root: string): readonly Scenario[] {
  return readdirSync(join(root, FOLDER))
    .filter((file) => file.endsWith('.yml') && file !== ENVIRONMENTS)
    .map((file) => file.slice(0, -'.yml'.length))
    .toSorted((a, b) => Number(b === ORDER_RACE) - Number(a === ORDER_RACE) || (a < b ? -1 : 1))
    .map((name) => {
      const file = join(FOLDER, `${name}.yml`);
      return { name, file, hypothesis: hypothesisIn(readFileSync(join(root, file), 'utf8')) };
    });
}

/**
 * The scenarios that `--scenario` asks for.
 *
 * @throws InputError if no scenario has that name
 */
export function chosenScenarios(root: string, wanted: string): readonly Scenario[] {
  const scenarios = listScenarios(root);
  if (wanted === ALL) return scenarios;
  const chosen = scenarios.filter(({ name }) => name === wanted);
  if (chosen.length > 0) return chosen;
  const names = [...scenarios.map(({ name }) => name), ALL];
  throw new InputError(
    `there is no scenario "${wanted}"; ${suggestion(wanted, names)} (${FOLDER}/ has ${names.slice(0, -1).join(', ')})`,
  );
}

/** The claim in the first line of a scenario, or '' if there is none. */
export const hypothesisIn = (text: string): string => /^# Hypothesis: *(.*)/.exec(text)?.[1]?.trim() ?? '';
