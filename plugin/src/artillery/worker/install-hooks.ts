import type { ArtilleryScript, RequestParams, Scenario } from '../shared/artillery.ts';

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
  readonly end: Functions;
  readonly onError: Functions;
}

/** Adds the functions to the script's processor, and their names to the scenarios and to the raced requests. */
export function installHooks(script: ArtilleryScript, hooks: Hooks): void {
  const { isContender, begin, beforeRequest, beforeRaced, end, onError } = hooks;
  const processor = typeof script.config.processor === 'object' ? script.config.processor : {};
  script.config.processor = Object.assign(processor, begin, beforeRequest, beforeRaced, end, onError);
  /** A set, because an alias in YAML can put the same step into several scenarios. */
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

/** Whether the scenario has a raced request. */
export const hasRacedSteps = ({ flow }: Scenario): boolean => racedStepsOf(flow).length > 0;

/** Whether the request has a `race:` line; `race: false` counts as no line. */
export const isRaced = ({ race }: RequestParams): boolean => race !== undefined && race !== false;

/** The raced requests of a flow, however deep in loops and parallel steps. */
function racedStepsOf(flow: unknown): RequestParams[] {
  if (!Array.isArray(flow)) return [];
  return flow.flatMap((step: unknown) => {
    if (typeof step !== 'object' || step === null) return [];
    return Object.values(step).flatMap((part: unknown) => {
      if (Array.isArray(part)) return racedStepsOf(part);
      return typeof part === 'object' && part !== null && isRaced(part) ? [part as RequestParams] : [];
    });
  });
}

const listOf = (names: string | readonly string[] | undefined): string[] => [names ?? []].flat();
