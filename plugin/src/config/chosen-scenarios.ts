import { isMapping } from '../../../model/json.ts';
import { ConfigError } from './config-error.ts';
import { suggestion } from './suggestion.ts';

const PATH = '--scenario-name';

/**
 * The indexes of the scenarios that will run, as Artillery chooses them: the one whose name matches, or all that have a weight.
 *
 * @param chosen a name or a regular expression; undefined if none was given
 * @throws ConfigError if it matches no scenario, or several: Artillery finds out in a worker, and exits with 11
 */
export function chosenScenarios(scenarios: readonly unknown[], chosen: string | undefined): readonly number[] {
  const indexes = [...scenarios.keys()];
  if (chosen === undefined) return indexes.filter((index) => !isNeverDrawn(scenarios[index]));
  const pattern = patternOf(chosen);
  const nameOf = (index: number) => {
    const scenario = scenarios[index];
    return isMapping(scenario) && typeof scenario.name === 'string' ? scenario.name : undefined;
  };
  const found = indexes.filter((index) => {
    const name = nameOf(index);
    return name !== undefined && (name === chosen || pattern.test(name));
  });
  if (found.length === 1) return found;
  const names = indexes.flatMap((index) => nameOf(index) ?? []);
  throw new ConfigError(
    found.length === 0
      ? { path: PATH, problem: `no scenario is called "${chosen}"`, fix: suggestion(chosen, names) }
      : {
          path: PATH,
          problem: `"${chosen}" matches several scenarios: ${found.map(nameOf).join(', ')}`,
          fix: 'it is a regular expression: put ^ before and $ behind one name',
        },
  );
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new ConfigError({ path: PATH, problem: (error as Error).message });
  }
}

/** Artillery draws each scenario as often as its weight says. */
const isNeverDrawn = (scenario: unknown): boolean =>
  isMapping(scenario) && scenario.weight !== undefined && /^\s*(0|-.*)$/.test(String(scenario.weight));
