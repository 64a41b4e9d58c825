import { settlesStep } from '../settles-step.ts';
import type { SuitePlan } from '../suite.ts';
import type { Learnt } from './learnt.ts';

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
    remarks: plan.remarks.filter((remark) => !remark.includes('--probe')),
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
