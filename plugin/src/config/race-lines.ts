import type { Plan } from '../../../model/index.ts';
import { isMapping } from '../../../model/json.ts';
import { chosenScenarios } from './chosen-scenarios.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { dotsInUrls } from './dots-in-urls.ts';
import { problemsOfLine } from './race-line.ts';
import { type PlacedLine, placesInFlow, placesInScenario, raceKeysInBodies } from './race-places.ts';

/** The sections of a script. Requests in them may have `race:` lines. */
interface RaceableScript {
  readonly config?: unknown;
  readonly scenarios?: unknown;
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * Checks every `race:` line of a script before anything is started: whether the plugin sees it, its keys, its values unless
 * they are templates, and whether the rule of the run takes them. At least one request that will run must have a line:
 * without one, the suite would book and prove nothing.
 *
 * @param chosen `--scenario-name` of Artillery, if given
 * @throws ConfigError with one line for each problem
 */
export function checkRaceLines(script: RaceableScript, plan: Plan, chosen?: string): void {
  const { config, before, after } = script;
  const scenarios: readonly unknown[] = Array.isArray(script.scenarios) ? script.scenarios : [];
  const engine = isMapping(config) ? config.engine : undefined;
  const places = scenarios.map((scenario, index) => placesInScenario(scenario, `scenarios.${index}`, engine));
  const problems = [
    ...places.flatMap((found) => [
      ...found.lines.flatMap(({ path, line }) => problemsOfLine(path, line, plan)),
      ...found.problems,
    ]),
    ...Object.entries({ before, after }).flatMap(([name, section]) => unseenIn(section, name)),
    ...dotsInUrls(scenarios, plan.inventories),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  const running = chosenScenarios(scenarios, chosen);
  if (running.some((index) => places[index]?.lines.some(isRaced))) return;
  throw new ConfigError(nothingRaces(scenarios, running, chosen));
}

/** A line with `once` or `settles` is about other requests that race. */
const isRaced = ({ line }: PlacedLine): boolean => !(isMapping(line) && ('once' in line || 'settles' in line));

/** Artillery runs these sections once, and without plugins, so a line there would be ignored in silence. */
function unseenIn(section: unknown, name: string): ConfigProblem[] {
  const { lines, problems } = placesInFlow(isMapping(section) ? section.flow : undefined, `${name}.flow`);
  return [...lines, ...problems].map(({ path }) => ({
    path,
    problem: 'nothing races in a before or after section',
    fix: 'move the request into a scenario, or take the line out',
  }));
}

function nothingRaces(
  scenarios: readonly unknown[],
  running: readonly number[],
  chosen: string | undefined,
): readonly ConfigProblem[] {
  const where = chosen === undefined ? 'no request that will run' : `no request of the scenario "${chosen}"`;
  const problem = `${where} has a race: line, so nothing would race, and all requests would be sent`;
  const fix = 'add race: "{{ $loopElement }}", or the name of what it takes away, to the request that decides';
  const inBodies = running.flatMap((index) => raceKeysInBodies(scenarios[index], `scenarios.${index}`));
  return [
    { path: 'config.plugins.race', problem, fix },
    ...inBodies.map((path) => ({
      path,
      problem: 'is sent to the target',
      fix: 'did you mean a race: line of the request? It stands beside its url',
    })),
  ];
}
