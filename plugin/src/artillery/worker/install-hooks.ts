import type { ArtilleryScript, RequestParams, Scenario } from '../shared/artillery.ts';

/** Functions for Artillery's processor, by the name under which it finds them. */
type Functions = Readonly<Record<string, unknown>>;

/** What the plugin does at the places where Artillery lets it. */
export interface Hooks {
  /** Whether the virtual users of a scenario are contenders; of others, no more is asked than to begin. */
  readonly isContender: (scenario: Scenario) => boolean;
  readonly begin: Functions;
  /** Before every request, first of all. */
  readonly beforeRequest: Functions;
  /** Before a request that races, last of all: what other hooks make of the request is there by then, and stays. */
  readonly beforeRaced: Functions;
  readonly end: Functions;
  readonly onError: Functions;
}

/** Adds functions to the processor, and their names to the scenarios and to the requests that race. */
export function hookInto(script: ArtilleryScript, hooks: Hooks): void {
  const { isContender, begin, beforeRequest, beforeRaced, end, onError } = hooks;
  const processor = typeof script.config.processor === 'object' ? script.config.processor : {};
  script.config.processor = Object.assign(processor, begin, beforeRequest, beforeRaced, end, onError);
  /** A step may be in several scenarios (an alias in YAML), and is hooked once. */
  const raced = new Set<RequestParams>();
  for (const scenario of script.scenarios ?? []) {
    scenario.beforeScenario = [...Object.keys(begin), ...listOf(scenario.beforeScenario)];
    if (!isContender(scenario)) continue;
    scenario.beforeRequest = [...Object.keys(beforeRequest), ...listOf(scenario.beforeRequest)];
    scenario.afterScenario = [...Object.keys(end), ...listOf(scenario.afterScenario)];
    scenario.onError = [...Object.keys(onError), ...listOf(scenario.onError)];
    for (const request of racedStepsOf(scenario.flow)) raced.add(request);
  }
  for (const request of raced) {
    request.beforeRequest = [...listOf(request.beforeRequest), ...Object.keys(beforeRaced)];
  }
}

/** Whether something in the scenario races. */
export const hasRacedSteps = ({ flow }: Scenario): boolean => racedStepsOf(flow).length > 0;

/** Whether the request is marked as one that races. */
export const isRaced = ({ race }: RequestParams): boolean => race !== undefined && race !== false;

/** The requests of a flow that race, however deep in loops and parallel steps. */
function racedStepsOf(flow: unknown): RequestParams[] {
  if (!Array.isArray(flow)) return [];
  return flow.flatMap((step: unknown) => {
    if (typeof step !== 'object' || step === null) return [];
    return Object.values(step).flatMap((its: unknown) => {
      if (Array.isArray(its)) return racedStepsOf(its);
      return typeof its === 'object' && its !== null && isRaced(its) ? [its as RequestParams] : [];
    });
  });
}

const listOf = (names: string | readonly string[] | undefined): string[] => [names ?? []].flat();
