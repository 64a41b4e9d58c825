import { SEAT } from '../seat.ts';
import type { Step, SuitePlan } from '../suite.ts';
import type { Learnt, LearntSettles } from './learnt.ts';

/**
 * The suite with what a probe learnt, and without the inventory that it booked. What the input showed of a status page or of
 * answers counts no more: the API has answered by itself.
 */
export function withLearnt(plan: SuitePlan, { rule, outcome, readBack, settles }: Learnt): SuitePlan {
  const { readBack: _, outcome: _old, ...others } = plan.race;
  const { capture: _page, ...bare } = plan;
  return {
    ...bare,
    after: [],
    inventories: plan.inventories.slice(0, -1),
    race: {
      ...others,
      ...(rule !== undefined && { rule }),
      ...(outcome !== undefined && { outcome }),
      ...(readBack !== undefined && { readBack }),
    },
    ...(settles !== undefined && { capture: settles.capture, after: [settlesStep(plan, settles)] }),
  };
}

/** Who asks how it went on is who booked. */
function settlesStep({ request }: SuitePlan, { url, everyMs, withinMs }: LearntSettles): Step {
  const { body: _, ...rest } = request;
  return {
    request: {
      ...rest,
      method: 'GET',
      url,
      query: [],
      headers: request.headers.filter(([name]) => !/^content-|idempot/i.test(name)),
    },
    race: { settles: SEAT, everyMs, withinMs },
    comment: 'asked again until it decides',
  };
}
