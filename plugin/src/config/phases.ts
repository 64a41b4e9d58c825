import * as z from 'zod';
import { ConfigError } from './config-error.ts';

const phases = z.array(z.looseObject({ arrivalCount: z.unknown().optional() }));

/** How many contenders a run has, and how they arrive. */
export interface Contenders {
  readonly count: number;
  /** Every virtual user of the script is one, whatever its scenario. */
  readonly areAll: boolean;
  /**
   * How many virtual users the script starts, where it does so in one phase with an `arrivalCount`: ORDER_VUS, or that count.
   * They are all in one worker.
   */
  readonly arrivals?: number;
}

/**
 * The number of contenders: ORDER_VUS, else `race.contenders`, else the `arrivalCount` of the only phase that has one.
 *
 * @param declared `race.contenders`
 * @param wanted ORDER_VUS, parsed
 * @throws ConfigError where no rule gives a number of at least 2
 */
export function contendersOf(
  scriptPhases: unknown,
  declared: number | undefined,
  wanted: number | undefined,
): Contenders {
  const its = phases.safeParse(scriptPhases).data ?? [];
  const counted = its.filter((phase) => phase.arrivalCount !== undefined);
  const only = counted.length === 1 && its.every((phase) => counted.includes(phase) || 'pause' in phase);
  if (wanted !== undefined) {
    if (!only) {
      throw new ConfigError('ORDER_VUS needs a script with exactly one phase, and an arrivalCount in it');
    }
    return { count: wanted, areAll: true, arrivals: wanted };
  }
  const count = Number(counted[0]?.arrivalCount);
  const isKnown = only && Number.isInteger(count);
  if (declared !== undefined) return { count: declared, areAll: false, ...(isKnown && { arrivals: count }) };
  if (isKnown) {
    if (count >= 2) return { count, areAll: true, arrivals: count };
    throw new ConfigError(`config.phases.0.arrivalCount: must be at least 2: a race needs two (received ${count})`);
  }
  throw new ConfigError(
    'config.plugins.race.contenders: missing; say how many virtual users go for each inventory, ' +
      'or use exactly one phase, with an arrivalCount',
  );
}
