import { type Explanation, explain, MAX_STEPS, type Operation, type SequentialModel } from './search.ts';

/** The shortest history that no order explains, and where it ends. */
export interface Contradiction<State, What> {
  readonly operations: readonly Operation<What>[];
  /** The operation whose answer the others rule out. */
  readonly culprit: Operation<What>;
  /** What the object can have been by then, whenever the others took effect, if they did. */
  readonly states: readonly State[];
}

/**
 * Takes operations out of a history for as long as no order explains the rest.
 *
 * To leave an operation out as if it had never been would prove nothing: of "A books, A cancels, B books", "A books, B
 * books" is no contradiction, but for the cancellation that was left out. So a change is not left out but let loose: it may
 * have taken effect at any time at all, or never. What still cannot be explained then, contradicts itself, whatever else
 * went on. One pass is enough: the more is loose, the more can be explained.
 */
export function shrink<State, What>(
  model: SequentialModel<State, What>,
  operations: readonly Operation<What>[],
  explanation: Explanation<State, What> & { kind: 'unexplained' },
  maxSteps: number = MAX_STEPS,
): Contradiction<State, What> {
  const { culprit } = explanation;
  const isOver = (its: Operation<What>) => its.toMs <= culprit.toMs;
  /** At the end of the culprit, what had not ended was no more than possible; what had not begun has no part in it. */
  const atTheEnd = (its: Operation<What>): Operation<What> => (isOver(its) ? its : { ...its, isOptional: true });
  let kept = operations.filter((its) => its.fromMs <= culprit.toMs && (its.isChange || isOver(its)));
  let loose: Operation<What>[] = [];
  let last = explanation;
  const leaveOut = (those: readonly Operation<What>[]) => {
    const left = kept.filter((its) => !those.includes(its));
    const freed = [...loose, ...those.filter(({ isChange }) => isChange).map(letLoose)];
    const its = explain(model, [...left.map(atTheEnd), ...freed], maxSteps);
    if (its.kind !== 'unexplained') return;
    [kept, loose, last] = [left, freed, its];
  };

  leaveOut(kept.filter((its) => !its.isChange && its !== culprit));
  // The latest first: the beginning of a story explains more than its end.
  const byEnd = kept.filter((its) => its !== culprit).toSorted((a, b) => b.toMs - a.toMs);
  for (const its of byEnd) leaveOut([its]);
  return { operations: kept, culprit: last.culprit, states: last.states };
}

const letLoose = <What>(operation: Operation<What>): Operation<What> => ({
  ...operation,
  fromMs: -Infinity,
  toMs: Infinity,
  isOptional: true,
});
