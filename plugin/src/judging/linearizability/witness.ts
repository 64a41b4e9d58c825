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
  { culprit, states }: Explanation<State, What> & { kind: 'unexplained' },
  maxSteps: number = MAX_STEPS,
): Contradiction<State, What> {
  const isOver = (its: Operation<What>) => its.toMs <= culprit.toMs;
  /** At the end of the culprit, what had not ended was no more than possible; what had not begun has no part in it. */
  const atTheEnd = (its: Operation<What>): Operation<What> => (isOver(its) ? its : { ...its, isOptional: true });
  let kept = operations.filter((its) => its.fromMs <= culprit.toMs && (its.isChange || isOver(its)));
  let loose: Operation<What>[] = [];
  const without = (those: ReadonlySet<Operation<What>>) => {
    const left = kept.filter((its) => !those.has(its));
    const freed = [...loose, ...[...those].filter(({ isChange }) => isChange).map(letLoose)];
    if (explain(model, [...left.map(atTheEnd), ...freed], maxSteps).kind !== 'unexplained') return;
    kept = left;
    loose = freed;
  };

  const others = kept.filter((its) => its !== culprit);
  without(new Set(others.filter(({ isChange }) => !isChange)));
  // The latest first: the beginning of a story explains more than its end.
  const byEnd = others.toSorted((a, b) => b.toMs - a.toMs || b.fromMs - a.fromMs);
  for (const its of byEnd) if (kept.includes(its)) without(new Set([its]));

  const last = explain(model, [...kept.map(atTheEnd), ...loose], maxSteps);
  return last.kind === 'unexplained'
    ? { operations: kept, culprit: last.culprit, states: last.states }
    : { operations: kept, culprit, states };
}

const letLoose = <What>(operation: Operation<What>): Operation<What> => ({
  ...operation,
  fromMs: -Infinity,
  toMs: Infinity,
  isOptional: true,
});
