/** An operation on one object: what was asked and answered, and the interval in which it took effect, if it did. */
export interface Operation<What> {
  readonly what: What;
  /** Milliseconds on the run's clock: it took effect no earlier. */
  readonly fromMs: number;
  /** It took effect no later; Infinity where nobody knows its end. */
  readonly toMs: number;
  /** It may also never have taken effect. Such an operation has no end. */
  readonly isOptional: boolean;
  /** It can change the object; the others only see what it is. */
  readonly isChange: boolean;
}

/** What an object does when its operations come one after the other. States are plain values; they hold the time. */
export interface SequentialModel<State, What> {
  readonly initial: State;
  /** Every state in which the operation may leave the object; none where it cannot have been answered so. */
  readonly after: (state: State, operation: Operation<What>) => readonly State[];
  /** Equal for states that no operation can tell apart. */
  readonly keyOf: (state: State) => string;
}

/**
 * `explained`: there is an order of the operations, each within its interval, that gives every one its answer.
 * `unexplained`: there is none; `culprit` is the operation whose end no order reaches, and `states` are those in which the
 * object can have been then, by what ended before. `undecided`: the search was given up.
 */
export type Explanation<State, What> =
  | { readonly kind: 'explained' }
  | { readonly kind: 'unexplained'; readonly culprit: Operation<What>; readonly states: readonly State[] }
  | { readonly kind: 'undecided' };

/** How many steps of the model a search may take before it is given up: well below a second. */
export const MAX_STEPS = 200_000;

/** What the object may have been through by some instant: its state, and which operations took effect before their end. */
interface Configuration<State, What> {
  readonly state: State;
  /** Those that took effect and have not ended, in the order of the history. */
  readonly early: readonly Operation<What>[];
}

/**
 * Is there an order of the operations that explains them all (Herlihy and Wing's linearizability)? By Wing and Gong's
 * search, just in time as Lowe has it: operations are put in order only when one of them ends, and then only as many as
 * have to come before it. What is kept between two ends is the set of all configurations that are possible there; two that
 * are equal are searched once.
 *
 * An operation that changes nothing goes before its end only where a change follows it: it might as well come later.
 */
export function explain<State, What>(
  model: SequentialModel<State, What>,
  operations: readonly Operation<What>[],
  maxSteps: number = MAX_STEPS,
): Explanation<State, What> {
  const places = new Map(operations.map((its, place) => [its, place]));
  const changes = operations.filter(({ isChange }) => isChange);
  const ending = operations.filter(({ isOptional }) => !isOptional).toSorted((a, b) => a.toMs - b.toMs);
  const ended = new Set<Operation<What>>();
  let configurations: readonly Configuration<State, What>[] = [{ state: model.initial, early: [] }];
  let steps = 0;

  for (const ends of ending) {
    const isPending = (its: Operation<What>) => !ended.has(its) && its.fromMs <= ends.toMs;
    const pending = changes.some(isPending) ? operations.filter(isPending) : [ends];
    const reached = new Map<string, Configuration<State, What>>();
    const seen = new Set<string>();
    const nameOf = ({ state, early }: Configuration<State, What>) =>
      `${early.map((its) => places.get(its)).join(' ')} ${model.keyOf(state)}`;

    /** @returns false where the search is given up */
    const visit = (from: Configuration<State, What>): boolean => {
      const name = nameOf(from);
      if (seen.has(name)) return true;
      seen.add(name);
      if (from.early.includes(ends)) {
        const here = { state: from.state, early: from.early.filter((its) => its !== ends) };
        reached.set(nameOf(here), here);
        return true;
      }
      const left = pending.filter((its) => !from.early.includes(its));
      const candidates = left.some(({ isChange }) => isChange) ? left : [ends];
      return candidates.every((its) => {
        steps += 1;
        if (steps > maxSteps) return false;
        const early = [...from.early, its].toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
        return model.after(from.state, its).every((state) => visit({ state, early }));
      });
    };

    if (!configurations.every(visit)) return { kind: 'undecided' };
    if (reached.size === 0) {
      return { kind: 'unexplained', culprit: ends, states: configurations.map(({ state }) => state) };
    }
    configurations = [...reached.values()];
    ended.add(ends);
  }
  return { kind: 'explained' };
}
