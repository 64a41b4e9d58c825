import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_RULE } from '../model/index.ts';
import { InputError, suggestion } from '../plugin/src/config/index.ts';
import { hypothesisIn, type Scenario } from './scenario.ts';
import { isSuitePath, suiteAt } from './suite.ts';

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
      const hypothesis = hypothesisIn(readFileSync(join(root, file), 'utf8'));
      return { name, folder: root, file, isBundled: true, hypothesis };
    });
}

/**
 * The scenarios that `--scenario` asks for: a name, all of them, or a suite by its path.
 *
 * @throws InputError if no scenario has that name, or no suite that path
 */
export function chosenScenarios(root: string, wanted: string): readonly Scenario[] {
  const scenarios = listScenarios(root);
  if (isSuitePath(wanted)) return [suiteAt(wanted, scenarios)];
  if (wanted === ALL) return scenarios;
  const chosen = scenarios.filter(({ name }) => name === wanted);
  if (chosen.length > 0) return chosen;
  const names = [...scenarios.map(({ name }) => name), ALL];
  throw new InputError(
    `there is no scenario "${wanted}"; ${suggestion(wanted, names)} (${FOLDER}/ has ${names.slice(0, -1).join(', ')})`,
  );
}
