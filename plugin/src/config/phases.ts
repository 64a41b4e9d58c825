import * as z from 'zod';
import { ConfigError } from './config-error.ts';

const phasesSchema = z.array(z.looseObject({ duration: z.unknown().optional(), arrivalCount: z.unknown().optional() }));

/** How many contenders a run has, and how they arrive. */
export interface Contenders {
  readonly count: number;
  /** Whether every virtual user of the script is a contender, whatever scenario it runs. */
  readonly areAll: boolean;
  /**
   * How many virtual users the script starts: ORDER_VUS, or the `arrivalCount` of its only phase. Artillery starts them all
   * in one worker. Absent for any other phases.
   */
  readonly arrivals?: number;
  /** Each goes for whatever its flow names. */
  readonly anyItem?: true;
}

/** What a suite says about its contenders: their number, or that each goes for whatever its flow names. */
export type DeclaredContenders = number | { readonly each: 'any' } | undefined;

/**
 * The number of contenders: ORDER_VUS, else `race.contenders`, else the `arrivalCount` of the only phase that has one.
 *
 * @param phases `config.phases`, as written
 * @param declared `race.contenders`
 * @param wanted ORDER_VUS, parsed
 * @throws ConfigError if they give no number, or one below 2
 */
export function contendersOf(phases: unknown, declared: DeclaredContenders, wanted: number | undefined): Contenders {
  if (typeof declared === 'object') return { ...contendersOf(phases, undefined, wanted), anyItem: true };
  const all = phasesSchema.safeParse(phases).data ?? [];
  const counted = all.filter(({ arrivalCount }) => arrivalCount !== undefined);
  const hasOnePhase = counted.length === 1 && all.every((phase) => counted.includes(phase) || 'pause' in phase);
  if (wanted !== undefined) {
    if (hasOnePhase) return { count: wanted, areAll: true, arrivals: wanted };
    throw new ConfigError({
      path: 'ORDER_VUS',
      fix: 'needs a script with exactly one phase that has an arrivalCount',
    });
  }
  const count = Number(counted[0]?.arrivalCount);
  const isKnown = hasOnePhase && Number.isInteger(count);
  if (declared !== undefined) return { count: declared, areAll: false, ...(isKnown && { arrivals: count }) };
  if (!isKnown) {
    throw new ConfigError({
      path: 'config.plugins.race.contenders',
      problem: 'missing',
      fix: 'say how many virtual users go for each inventory, or use exactly one phase with an arrivalCount',
    });
  }
  if (count >= 2 || isSolo(all)) return { count, areAll: true, arrivals: count };
  throw new ConfigError({
    path: 'config.phases.0.arrivalCount',
    fix: 'must be at least 2: a race needs two',
    received: String(count),
  });
}

/** The phase that Artillery makes up where a script has none, and with `--solo`: a try-out, which is no race. */
const isSolo = ([phase, ...others]: readonly { readonly duration?: unknown; readonly arrivalCount?: unknown }[]) =>
  phase?.duration === 1 && phase.arrivalCount === 1 && others.length === 0;
