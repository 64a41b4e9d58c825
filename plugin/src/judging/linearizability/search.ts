/** An operation on one object: what was asked and answered, and the interval in which it took effect, if it did. */
export interface Operation<What> {
  readonly what: What;
  /** Milliseconds on the run's clock: it took effect no earlier. */
  readonly fromMs: number;
  /** It took effect no later; Infinity where nobody knows its end. */
  readonly toMs: number;
  /** It may also never have taken effect. Such an operation has no end. */
  readonly isOptional: boolean;
  /** It can change the object; the others only see what it is, and never matter to it. */
  readonly isChange: boolean;
}

/** What an object does when its operations come one after the other. States are plain values; they hold the time. */
export interface SequentialModel<State, What> {
  readonly initial: State;
  /** Every state in which the operation may leave the object; none where it cannot have been answered so. */
  readonly after: (state: State, operation: Operation<What>) => readonly State[];
  /** What may become of the object by itself, as time goes by. */
  readonly idle: (state: State) => readonly State[];
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

/** How many steps a search may take before it is given up: well below a second. */
export const MAX_STEPS = 20_000;

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
 */
export function explain<State, What>(
  model: SequentialModel<State, What>,
  operations: readonly Operation<What>[],
  maxSteps: number = MAX_STEPS,
): Explanation<State, What> {
  const ending = operations.filter(({ isOptional }) => !isOptional).toSorted((a, b) => a.toMs - b.toMs);
  const places = new Map(operations.map((its, place) => [its, place]));
  const changes = operations.filter(({ isChange }) => isChange);
  const sights = operations.filter(({ isChange }) => !isChange).toSorted((a, b) => a.fromMs - b.fromMs);
  const placeOf = (its: Operation<What>) => places.get(its) ?? 0;
  const nameOf = ({ state, early }: Configuration<State, What>) =>
    `${early.map(placeOf).join(' ')} ${model.keyOf(state)}`;
  const withOne = (early: readonly Operation<What>[], one: Operation<What>) => {
    const at = early.findIndex((its) => placeOf(its) > placeOf(one));
    return early.toSpliced(at === -1 ? early.length : at, 0, one);
  };
  const ended = new Set<Operation<What>>();
  let configurations: readonly Configuration<State, What>[] = [{ state: model.initial, early: [] }];
  let steps = 0;

  /** Every configuration in which the object may be when the operation ends; undefined where the search is given up. */
  const reach = (ends: Operation<What>): Configuration<State, What>[] | undefined => {
    const reached = new Map<string, Configuration<State, What>>();
    const seen = new Set<string>();
    const isPending = (its: Operation<What>) => its !== ends && !ended.has(its) && its.fromMs <= ends.toMs;
    const open = changes.filter(isPending);
    const openSights = sights.filter((its) => its.fromMs <= ends.toMs && !ended.has(its));

    /**
     * What sees the object as it is, and leaves the state as it is to the instant, has its place here: whatever comes after
     * can come after it as well. Without that a crowd of refusals, any number of which may come first, is as many
     * configurations.
     */
    const withFreeSights = ({ state, early }: Configuration<State, What>): Configuration<State, What> => {
      const key = model.keyOf(state);
      const taken = new Set(early);
      const free = openSights.filter(
        (its) => !taken.has(its) && model.after(state, its).some((next) => model.keyOf(next) === key),
      );
      if (free.length === 0) return { state, early };
      return { state, early: [...early, ...free].toSorted((a, b) => placeOf(a) - placeOf(b)) };
    };

    /** @param isAfterSight whether the last step changed nothing, and is in vain unless a change follows */
    const visit = (given: Configuration<State, What>, isAfterSight: boolean): boolean => {
      const from = given.early.includes(ends) ? given : withFreeSights(given);
      const name = `${isAfterSight} ${nameOf(from)}`;
      if (seen.has(name)) return true;
      seen.add(name);
      steps += 1;
      if (steps > maxSteps) return false;
      const { state, early } = from;
      if (early.includes(ends)) {
        const here = { state, early: early.filter((its) => its !== ends) };
        reached.set(nameOf(here), here);
        return true;
      }
      const take = (its: Operation<What>, isSight = false) =>
        model.after(state, its).every((next) => visit({ state: next, early: withOne(early, its) }, isSight));
      const left = open.filter((its) => !early.includes(its));
      const alone = model.idle(state);
      // Where nothing else can happen, what becomes of the object by itself only matters if it explains this very end.
      const isOver = left.length === 0 && !ends.isChange && !alone.some((its) => model.after(its, ends).length > 0);
      return (
        // What changes nothing, and directly before the like of it, may as well come after it, when its own end is due.
        ((isAfterSight && !ends.isChange) || take(ends)) &&
        (isOver ||
          (left.every((its) => take(its)) &&
            alone.every((next) => visit({ state: next, early }, false)) &&
            takeSight(from, take, isPending)))
      );
    };

    /**
     * Of the pending operations that change nothing and suit the state, the one that began first: to have it over and done
     * with costs no more than to have a later one.
     */
    const takeSight = (
      { state, early }: Configuration<State, What>,
      take: (its: Operation<What>, isSight: boolean) => boolean,
      isSuitable: (its: Operation<What>) => boolean,
    ): boolean => {
      const next = sights.find((its) => isSuitable(its) && !early.includes(its) && model.after(state, its).length > 0);
      return next === undefined || take(next, true);
    };

    return configurations.every((its) => visit(its, false)) ? [...reached.values()] : undefined;
  };

  for (const ends of ending) {
    const reached = reach(ends);
    if (reached === undefined) return { kind: 'undecided' };
    if (reached.length === 0) {
      return { kind: 'unexplained', culprit: ends, states: configurations.map(({ state }) => state) };
    }
    configurations = reached;
    ended.add(ends);
  }
  return { kind: 'explained' };
}
