import type { StatusSet } from './status.ts';

/**
 * What a run is judged by. A plan without a rule is an ordinary race: each inventory is sold as often as it exists, once
 * for a seat.
 */
export type Rule =
  /** A seat that is held under a lease, and then confirmed or lost. */
  | {
      readonly name: 'hold-confirm';
      /** How long a hold lasts, in milliseconds, from the instant at which the server made it. */
      readonly leaseMs: number;
      /** How much earlier or later than that a hold may end, in milliseconds. */
      readonly toleranceMs: number;
      /** Statuses that refuse because somebody else is at it, and not because it is taken. */
      readonly busy: StatusSet;
    }
  /** A seat that its owner gives up while others go for it. */
  | { readonly name: 'cancel-rebook'; readonly busy: StatusSet }
  /** Orders for several seats at once, all or nothing, that overlap. */
  | { readonly name: 'overlapping-orders' }
  /** A pool of units, of which an order takes several. */
  | { readonly name: 'quota' }
  /** The same order several times under one idempotency key. */
  | {
      readonly name: 'double-submit';
      /** Statuses that may tell a repetition that the first of its kind is still under way. */
      readonly inProgress: StatusSet;
    }
  /** A coupon; its capacity is how often it may be used. */
  | { readonly name: 'coupon' }
  /** What one person may have; the inventory is the person, its capacity the limit. */
  | { readonly name: 'per-user-limit' };

/** All rules by name; `order-race` is that of a plan without one. */
export type RuleName = Rule['name'] | 'order-race';

/** The name of the rule that a plan is judged by. */
export const ruleNameOf = ({ rule }: { readonly rule?: Rule }): RuleName => rule?.name ?? 'order-race';
