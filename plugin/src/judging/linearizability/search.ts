/** An operation on one object: what was asked and answered, and the interval in which it took effect, if it did. */
export interface Operation<What> {
  readonly what: What;
  /** Milliseconds on the run's clock: it took effect no earlier. */
  readonly fromMs: number;
  /** It took effect no later; Infinity if nobody knows when it ended. */
  readonly toMs: number;
  /** It may never have taken effect. Such an operation has no end. */
  readonly isOptional: boolean;
  /** It can change the object. The others only observe it, and make no difference to any other operation. */
  readonly isChange: boolean;
}

/** How an object behaves when operations happen one after the other. States are plain values; they include the time. */
export interface SequentialModel<State, What> {
  readonly initial: State;
  /** Every state in which the operation may leave the object; empty if it cannot have got this answer. */
  readonly after: (state: State, operation: Operation<What>) => readonly State[];
  /** What may become of the object as time passes, without any operation. */
  readonly idle: (state: State) => readonly State[];
  /** Equal for states that no operation can tell apart. */
  readonly keyOf: (state: State) => string;
}

/**
 * `explained`: a sequence of the operations, each within its interval, gives every operation its answer. `unexplained`: there
 * is no such sequence. `culprit` is the operation whose end cannot be reached, and `states` are the possible states of the
 * object at that time, after everything that ended before. `undecided`: the search was given up.
 */
export type Explanation<State, What> =
  | { readonly kind: 'explained' }
  | { readonly kind: 'unexplained'; readonly culprit: Operation<What>; readonly states: readonly State[] }
  | { readonly kind: 'undecided' };

/** A search that needs more steps is given up. This many take well below a second. */
export const MAX_STEPS = 20_000;

/**
 * Does a sequence of the operations explain them all (Herlihy and Wing's linearizability)? This is Wing and Gong's search,
 * just in time as Lowe has it: it places an operation only when one of them ends, and then only those that must come first.
 * Between two ends it keeps the set of all configurations that are possible there, and searches equal ones once.
 */
export function explain<State, What>(
  model: SequentialModel<State, What>,
  operations: readonly Operation<What>[],
  maxSteps: number = MAX_STEPS,
): Explanation<State, What> {
  const search = new Search(model, operations, maxSteps);
  const ending = operations.filter(({ isOptional }) => !isOptional).toSorted((a, b) => a.toMs - b.toMs);
  let configurations: readonly Configuration<State, What>[] = [{ state: model.initial, early: [] }];
  for (const target of ending) {
    const reached = search.reach(target, configurations);
    if (reached === undefined) return { kind: 'undecided' };
    if (reached.length === 0) {
      return { kind: 'unexplained', culprit: target, states: configurations.map(({ state }) => state) };
    }
    configurations = reached;
  }
  return { kind: 'explained' };
}

/** One way in which the object may have got to some instant: its state, and which operations took effect before they ended. */
interface Configuration<State, What> {
  readonly state: State;
  /** Operations that took effect and have not ended, in the order of the history. */
  readonly early: readonly Operation<What>[];
}

/** The search for all configurations in which an operation can end. */
interface Goal<State, What> {
  readonly target: Operation<What>;
  /** Other operations that can take effect before the target ends. */
  readonly changes: readonly Operation<What>[];
  /** Observations that can take effect before the target ends; the target may be one of them. */
  readonly sights: readonly Operation<What>[];
  readonly seen: Set<string>;
  readonly reached: Map<string, Configuration<State, What>>;
}

interface Step<State, What> {
  readonly to: Configuration<State, What>;
  /** The step changed nothing; it is useless unless a change follows. */
  readonly isSight: boolean;
}

class Search<State, What> {
  readonly #model: SequentialModel<State, What>;
  readonly #positions: ReadonlyMap<Operation<What>, number>;
  readonly #changes: readonly Operation<What>[];
  /** The earliest first. */
  readonly #sights: readonly Operation<What>[];
  readonly #ended = new Set<Operation<What>>();
  #stepsLeft: number;

  constructor(model: SequentialModel<State, What>, operations: readonly Operation<What>[], maxSteps: number) {
    this.#model = model;
    this.#positions = new Map(operations.map((operation, position) => [operation, position]));
    this.#changes = operations.filter(({ isChange }) => isChange);
    this.#sights = operations.filter(({ isChange }) => !isChange).toSorted((a, b) => a.fromMs - b.fromMs);
    this.#stepsLeft = maxSteps;
  }

  /** Every configuration in which the target may end; undefined if the search is given up. */
  reach(
    target: Operation<What>,
    from: readonly Configuration<State, What>[],
  ): Configuration<State, What>[] | undefined {
    const isOpen = (operation: Operation<What>) => !this.#ended.has(operation) && operation.fromMs <= target.toMs;
    const goal: Goal<State, What> = {
      target,
      changes: this.#changes.filter((operation) => operation !== target && isOpen(operation)),
      sights: this.#sights.filter(isOpen),
      seen: new Set(),
      reached: new Map(),
    };
    this.#ended.add(target);
    const isComplete = from.every((configuration) => this.#visit(goal, { to: configuration, isSight: false }));
    return isComplete ? [...goal.reached.values()] : undefined;
  }

  /** @returns false if the search is given up */
  #visit(goal: Goal<State, What>, { to, isSight }: Step<State, What>): boolean {
    const { target, seen, reached } = goal;
    const here = to.early.includes(target) ? to : this.#withFreeSights(goal, to);
    const name = `${isSight} ${this.#nameOf(here)}`;
    if (seen.has(name)) return true;
    seen.add(name);
    this.#stepsLeft -= 1;
    if (this.#stepsLeft < 0) return false;
    if (here.early.includes(target)) {
      const ended = { ...here, early: here.early.filter((operation) => operation !== target) };
      reached.set(this.#nameOf(ended), ended);
      return true;
    }
    return this.#stepsFrom(goal, here, isSight).every((step) => this.#visit(goal, step));
  }

  /**
   * Observations that suit the state and leave it exactly as it is take effect at once: whatever can come later can still come
   * after them. Otherwise a crowd of refusals, in any subset, would make as many configurations.
   */
  #withFreeSights(goal: Goal<State, What>, { state, early }: Configuration<State, What>): Configuration<State, What> {
    const key = this.#model.keyOf(state);
    const taken = new Set(early);
    const free = goal.sights.filter(
      (sight) => !taken.has(sight) && this.#model.after(state, sight).some((next) => this.#model.keyOf(next) === key),
    );
    if (free.length === 0) return { state, early };
    return { state, early: this.#inOrder([...early, ...free]) };
  }

  #stepsFrom(goal: Goal<State, What>, from: Configuration<State, What>, isAfterSight: boolean): Step<State, What>[] {
    const { target } = goal;
    const { state, early } = from;
    // Two observations in a row: the second may as well wait for the next change, or until it ends.
    const toTarget = isAfterSight && !target.isChange ? [] : this.#take(from, target);
    const changes = goal.changes.filter((operation) => !early.includes(operation));
    const idle = this.#model.idle(state);
    // If nothing else can happen, passing time matters only if it lets this very target end.
    const isOver =
      changes.length === 0 && !target.isChange && !idle.some((later) => this.#model.after(later, target).length > 0);
    if (isOver) return toTarget;
    // Of the other observations only the earliest: taking it now costs no more than taking a later one.
    const sight = goal.sights.find(
      (operation) =>
        operation !== target && !early.includes(operation) && this.#model.after(state, operation).length > 0,
    );
    return [
      ...toTarget,
      ...changes.flatMap((operation) => this.#take(from, operation)),
      ...idle.map((later) => ({ to: { state: later, early }, isSight: false })),
      ...(sight === undefined ? [] : this.#take(from, sight, true)),
    ];
  }

  #take(
    { state, early }: Configuration<State, What>,
    operation: Operation<What>,
    isSight = false,
  ): Step<State, What>[] {
    const withIt = this.#inOrder([...early, operation]);
    return this.#model.after(state, operation).map((after) => ({ to: { state: after, early: withIt }, isSight }));
  }

  #inOrder(operations: readonly Operation<What>[]): Operation<What>[] {
    return operations.toSorted((a, b) => this.#positionOf(a) - this.#positionOf(b));
  }

  #positionOf(operation: Operation<What>): number {
    return this.#positions.get(operation) ?? 0;
  }

  /** Equal for configurations that are searched once. */
  #nameOf({ state, early }: Configuration<State, What>): string {
    return `${early.map((operation) => this.#positionOf(operation)).join(' ')} ${this.#model.keyOf(state)}`;
  }
}
