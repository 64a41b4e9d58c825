import type { ArtilleryScript, RequestParams, Scenario } from '../shared/artillery.ts';
import { racedStepsOf } from '../shared/raced-steps.ts';

/** Functions for Artillery's processor, by the name under which Artillery finds them. */
type Functions = Readonly<Record<string, unknown>>;

/** The plugin's functions, by when Artillery calls them. */
export interface Hooks {
  /** Whether the virtual users of a scenario are contenders; those of other scenarios only get `begin`. */
  readonly isContender: (scenario: Scenario) => boolean;
  readonly begin: Functions;
  /** Before every request, ahead of the suite's own hooks. */
  readonly beforeRequest: Functions;
  /** Before a raced request, after the suite's own hooks, so that whatever these write into the request stays. */
  readonly beforeRaced: Functions;
  /** After every answer that Artillery reads, ahead of the suite's own hooks. */
  readonly afterResponse: Functions;
  readonly onError: Functions;
}

/** Adds the functions to the script's processor, and their names to the scenarios and to the raced requests. */
export function installHooks(script: ArtilleryScript, hooks: Hooks): void {
  const { isContender, begin, beforeRequest, beforeRaced, afterResponse, onError } = hooks;
  const processor = typeof script.config.processor === 'object' ? script.config.processor : {};
  script.config.processor = Object.assign(processor, begin, beforeRequest, beforeRaced, afterResponse, onError);
  /** A set, because an alias in YAML can put the same step into several scenarios. */
  const raced = new Set<RequestParams>();
  for (const scenario of script.scenarios ?? []) {
    scenario.beforeScenario = [...Object.keys(begin), ...listOf(scenario.beforeScenario)];
    if (!isContender(scenario)) continue;
    scenario.beforeRequest = [...Object.keys(beforeRequest), ...listOf(scenario.beforeRequest)];
    scenario.afterResponse = [...Object.keys(afterResponse), ...listOf(scenario.afterResponse)];
    scenario.onError = [...Object.keys(onError), ...listOf(scenario.onError)];
    for (const request of racedStepsOf(scenario.flow)) raced.add(request);
  }
  for (const request of raced) {
    request.beforeRequest = [...listOf(request.beforeRequest), ...Object.keys(beforeRaced)];
  }
}

const listOf = (names: string | readonly string[] | undefined): string[] => [names ?? []].flat();
