import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suggestion } from '../plugin/src/config/index.ts';
import { InputError } from './input-error.ts';

/** One of the files in `scenarios/`. */
export interface Scenario {
  /** What `--scenario` takes: the name of the file without its ending. */
  readonly name: string;
  /** Path from the repository. */
  readonly file: string;
  /** The claim that the scenario tests, in one sentence. */
  readonly hypothesis: string;
}

/** The scenario where none is named. */
export const ORDER_RACE = 'order-race';
/** Stands for all scenarios, one after the other. */
export const ALL = 'all';

const FOLDER = 'scenarios';
/** What all scenarios share; it is none itself. */
const ENVIRONMENTS = 'environments.yml';

/** Every scenario: the order race first, then by name. */
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
 * @throws InputError where there is none of that name
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

/** The first comment of a scenario says what it tests; empty where it does not. */
export const hypothesisIn = (text: string): string => /^# Hypothesis: *(.*)/.exec(text)?.[1]?.trim() ?? '';
