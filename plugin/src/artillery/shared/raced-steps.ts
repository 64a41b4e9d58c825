import { hasKey, isMapping } from '../../../../model/json.ts';
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

/** A loop over all inventories. */
export interface InventoryLoop {
  readonly loop: readonly object[];
}

/** The loops over `$inventories` of a flow that race something themselves, or in a loop inside. */
export function inventoryLoopsIn(flow: unknown): InventoryLoop[] {
  if (!Array.isArray(flow)) return [];
  return flow.flatMap((step: unknown): InventoryLoop[] => {
    if (typeof step !== 'object' || step === null) return [];
    const { loop, over, parallel } = step as {
      readonly loop?: unknown;
      readonly over?: unknown;
      readonly parallel?: unknown;
    };
    if (!Array.isArray(loop)) return inventoryLoopsIn(parallel);
    if (over !== '$inventories') return inventoryLoopsIn(loop);
    return racedStepsOf(loop).some(goesForSomething) ? [{ loop }] : [];
  });
}

/** The request races; it does not meet (`once`), and decides nothing (`settles`). */
export const goesForSomething = ({ race }: Pick<RequestParams, 'race'>): boolean =>
  typeof race !== 'object' || race === null || !('once' in race || 'settles' in race);

/** Whether the request is sent: one that depends on a variable (`ifTrue`) needs its value. */
export function isSent(step: RequestParams, { config }: Partial<Pick<ArtilleryScript, 'config'>>): boolean {
  const { ifTrue } = step as { readonly ifTrue?: unknown };
  const isVariable = typeof ifTrue === 'string' && /^[A-Za-z_]\w*$/.test(ifTrue);
  // The launcher has only the path of the processor: there, no name is known to be a function.
  return !isVariable || hasKey(config?.processor, ifTrue) || String(config?.variables?.[ifTrue] ?? '') !== '';
}

/** How many raced requests a turn of the loop over all inventories has at most. */
export const racesInTurn = ({ scenarios = [] }: Pick<ArtilleryScript, 'scenarios'>): number =>
  scenarios
    .flatMap(({ flow }) => inventoryLoopsIn(flow))
    .reduce((most, { loop }) => Math.max(most, racedStepsOf(loop).filter(goesForSomething).length), 1);

/** A suite may name whole URLs in its requests, and then its target may be nowhere. */
export const racesAtTarget = ({ scenarios = [] }: { readonly scenarios?: unknown }): boolean =>
  [scenarios]
    .flat()
    .flatMap((scenario) => (isMapping(scenario) ? racedStepsOf(scenario.flow) : []))
    .some(({ url }) => typeof url === 'string' && /^\/|\{\{\s*target\s*\}\}/.test(url));
