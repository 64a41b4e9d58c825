import { type Explanation, explain, MAX_STEPS, type Operation, type SequentialModel } from './search.ts';

/** A history that no sequence explains, with nothing more to leave out, and where it ends. */
export interface Contradiction<State, What> {
  readonly operations: readonly Operation<What>[];
  /** The operation whose answer the others rule out. */
  readonly culprit: Operation<What>;
  /** The possible states of the object by then, whenever the others took effect, if they did. */
  readonly states: readonly State[];
}

/**
 * Leaves operations out of a history for as long as no sequence explains the rest.
 *
 * Dropping an operation as if it had never happened would prove nothing. "A books, A cancels, B books" without the
 * cancellation looks like a contradiction: "A books, B books". So a change is not dropped but let loose: it may have taken
 * effect at any time, or never. What still cannot be explained then contradicts itself, whatever else happened. One pass is
 * enough: the more is loose, the more can be explained.
 */
export function shrink<State, What>(
  model: SequentialModel<State, What>,
  operations: readonly Operation<What>[],
  explanation: Explanation<State, What> & { kind: 'unexplained' },
  maxSteps: number = MAX_STEPS,
): Contradiction<State, What> {
  const { culprit } = explanation;
  const isOver = (operation: Operation<What>) => operation.toMs <= culprit.toMs;
  /** When the culprit ends, an operation that has not ended is only possible; one that has not begun plays no part. */
  const atTheEnd = (operation: Operation<What>): Operation<What> =>
    isOver(operation) ? operation : { ...operation, isOptional: true };
  let kept = operations.filter(
    (operation) => operation.fromMs <= culprit.toMs && (operation.isChange || isOver(operation)),
  );
  let loose: Operation<What>[] = [];
  let last = explanation;
  const leaveOut = (dropped: readonly Operation<What>[]) => {
    const left = kept.filter((operation) => !dropped.includes(operation));
    const freed = [...loose, ...dropped.filter(({ isChange }) => isChange).map(letLoose)];
    const result = explain(model, [...left.map(atTheEnd), ...freed], maxSteps);
    if (result.kind !== 'unexplained') return;
    [kept, loose, last] = [left, freed, result];
  };

  leaveOut(kept.filter((operation) => !operation.isChange && operation !== culprit));
  // The latest first: the beginning of a story explains more than its end.
  const byEnd = kept.filter((operation) => operation !== culprit).toSorted((a, b) => b.toMs - a.toMs);
  for (const operation of byEnd) leaveOut([operation]);
  return { operations: kept, culprit: last.culprit, states: last.states };
}

const letLoose = <What>(operation: Operation<What>): Operation<What> => ({
  ...operation,
  fromMs: -Infinity,
  toMs: Infinity,
  isOptional: true,
});
