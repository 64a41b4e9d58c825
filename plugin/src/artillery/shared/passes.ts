import type { ArtilleryScript } from './artillery.ts';
import { hasRacedSteps, isRaced, isSent, racedStepsOf } from './raced-steps.ts';

/** Memory that launcher and workers share about passes: a pass is one run of all contenders through their inventories. */
export interface PassTable {
  /** How many passes are over, and after how many the launcher has decided: see {@link PASS}. */
  readonly passes: Int32Array<SharedArrayBuffer>;
  /** By the index of a planned inventory: 1 if the next pass goes for it. */
  readonly next: Int32Array<SharedArrayBuffer>;
}

/** Indexes into `passes`. */
export const PASS = { over: 0, decided: 1 } as const;

/** What is weak is raced again once. */
export const MAX_PASSES = 2;

export const createPassTable = (inventories: number): PassTable => ({
  passes: new Int32Array(new SharedArrayBuffer(Object.keys(PASS).length * 4)),
  next: new Int32Array(new SharedArrayBuffer(Math.max(1, inventories) * 4)),
});

/** Where contenders meet at the end of their n-th pass. */
export const passPoint = (pass: number): string => `end of pass ${pass}`;

/**
 * Whether contenders can make another pass: all go over `$inventories` in a loop with one raced request. Artillery reads the
 * length of the list after each turn of the loop, so whoever makes the list longer before the last turn ends restarts it.
 */
export function canPassAgain(
  script: Pick<ArtilleryScript, 'scenarios'> & Partial<Pick<ArtilleryScript, 'config'>>,
): boolean {
  const { scenarios = [] } = script;
  const raced = scenarios.filter(hasRacedSteps);
  return (
    raced.length > 0 &&
    raced.every(({ flow }) => racedStepsOf(flow).filter((step) => isSent(step, script)).length === 1 && hasLoop(flow))
  );
}

const hasLoop = (flow: unknown): boolean =>
  Array.isArray(flow) &&
  flow.some(
    ({ loop, over }: { readonly loop?: unknown; readonly over?: unknown }) =>
      over === '$inventories' &&
      Array.isArray(loop) &&
      loop.some((step: object) => Object.values(step).some((part: unknown) => isStep(part) && isRaced(part))),
  );

const isStep = (part: unknown): part is object => typeof part === 'object' && part !== null && !Array.isArray(part);
