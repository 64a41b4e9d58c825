import type { RunSettings } from '../../config/index.ts';
import type { ArtilleryScript, RequestParams, Scenario } from './artillery.ts';

/** Whether the scenario has a raced request. */
export const hasRacedSteps = ({ flow }: Scenario): boolean => racedStepsOf(flow).length > 0;

/** Whether the scenario has a request that decides earlier attempts. */
export const hasSettlingSteps = ({ flow }: Scenario): boolean =>
  racedStepsOf(flow).some(({ race }) => typeof race === 'object' && race !== null && 'settles' in race);

/** Whether the request has a `race:` line; `race: false` counts as no line. */
export const isRaced = ({ race }: Pick<RequestParams, 'race'>): boolean => race !== undefined && race !== false;

/** How many virtual users race in the whole run; undefined where nobody can know. */
export const racersOf = (
  { scenarios = [] }: Pick<ArtilleryScript, 'scenarios'>,
  { contenders: { areAll, arrivals } }: Pick<RunSettings, 'contenders'>,
): number | undefined => (areAll || scenarios.every(hasRacedSteps) ? arrivals : undefined);

/** The raced requests of a flow, however deep in loops and parallel steps. */
export function racedStepsOf(flow: unknown): RequestParams[] {
  if (!Array.isArray(flow)) return [];
  return flow.flatMap((step: unknown) => {
    if (typeof step !== 'object' || step === null) return [];
    return Object.values(step).flatMap((part: unknown) => {
      if (Array.isArray(part)) return racedStepsOf(part);
      return typeof part === 'object' && part !== null && isRaced(part) ? [part as RequestParams] : [];
    });
  });
}
