import { publicUrl } from '../../config/index.ts';
import { connectFailure, deadTarget } from '../shared/connect-failure.ts';
import { racesAtTarget } from '../shared/raced-steps.ts';
import { COUNTER } from '../shared/run-context.ts';
import type { PreparedRun } from './prepare.ts';

/**
 * Ends the process where nothing listens at the target: nobody can book there. The workers start meanwhile, and what was
 * released by then was released to somebody.
 *
 * @param refuse ends the process, with this problem
 */
export async function refuseDeadTarget(
  { script, settings, run }: PreparedRun,
  refuse: (problem: string) => void,
): Promise<void> {
  if (!racesAtTarget(script)) return;
  const reason = await connectFailure(settings.target);
  if (reason === undefined || Atomics.load(run.counters, COUNTER.released) > 0) return;
  const where = `config.target${settings.orderVariables ? ', or ORDER_BASE_URL' : ''}`;
  refuse(deadTarget(publicUrl(settings.target), reason, where));
}
