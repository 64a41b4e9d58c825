import type { Lease, Operation, SeatOperation } from '../../plugin/src/judging/linearizability/index.ts';

/**
 * Answers the question of the seat model by brute force: for every choice of the optional operations, every sequence, and every
 * way in which holds may have ended, it looks for instants that fit (Bellman and Ford's difference constraints). It shares no
 * code with the search, and manages six operations.
 */
export function isExplicable(operations: readonly Operation<SeatOperation>[], lease: Lease): boolean {
  const must = operations.filter(({ isOptional }) => !isOptional);
  const may = operations.filter(({ isOptional }) => isOptional);
  return subsetsOf(may).some((chosen) =>
    permutationsOf([...must, ...chosen]).some((order) =>
      stories(order, lease).some((story) => isFeasible(order, story)),
    ),
  );
}

/** `t[to] − t[from] ≤ max`, by position in the sequence. */
interface Constraint {
  readonly from: number;
  readonly to: number;
  readonly max: number;
}

type State =
  | { readonly kind: 'free' }
  | { readonly kind: 'held'; readonly by: string; readonly since: number }
  | { readonly kind: 'booked'; readonly by: string };

/** Every story that this sequence can tell, as constraints on the instants. */
function stories(order: readonly Operation<SeatOperation>[], { leaseMs, toleranceMs }: Lease): Constraint[][] {
  let tales: { readonly state: State; readonly constraints: readonly Constraint[] }[] = [
    { state: { kind: 'free' }, constraints: [] },
  ];
  order.forEach(({ what }, position) => {
    tales = tales.flatMap(({ state, constraints }) => {
      if (state.kind !== 'held') return next(state, what, position).map((after) => ({ state: after, constraints }));
      const live = [...constraints, { from: state.since, to: position, max: leaseMs + toleranceMs }];
      const ended = [...constraints, { from: position, to: state.since, max: -Math.max(0, leaseMs - toleranceMs) }];
      return [
        ...next(state, what, position).map((after) => ({ state: after, constraints: live })),
        ...next({ kind: 'free' }, what, position).map((after) => ({ state: after, constraints: ended })),
      ];
    });
  });
  return tales.map(({ constraints }) => [...constraints]);
}

function next(state: State, what: SeatOperation, position: number): State[] {
  const stays: State[] = [state];
  if (what.kind === 'read') {
    if (state.kind === 'booked') return what.isBooked && what.mayOwn(state.by) ? stays : [];
    return what.isBooked ? [] : stays;
  }
  const mine = state.kind !== 'free' && state.by === what.by;
  const held: State = { kind: 'held', by: what.by, since: position };
  const booked: State = { kind: 'booked', by: what.by };
  const rules: Record<string, State[]> = {
    'book granted free': [booked],
    'book granted held mine': [booked],
    'hold granted free': [held],
    'hold granted held mine': [held, state],
    'confirm granted held mine': [booked],
    'confirm granted booked mine': stays,
    'cancel granted free': stays,
    'cancel granted held mine': [{ kind: 'free' }],
    'cancel granted booked mine': [{ kind: 'free' }],
    'cancel granted held theirs': stays,
    'cancel granted booked theirs': stays,
    'book refused held mine': stays,
    'book refused held theirs': stays,
    'book refused booked mine': stays,
    'book refused booked theirs': stays,
    'hold refused held mine': stays,
    'hold refused held theirs': stays,
    'hold refused booked mine': stays,
    'hold refused booked theirs': stays,
    'confirm refused free': stays,
    'confirm refused held theirs': stays,
    'confirm refused booked mine': stays,
    'confirm refused booked theirs': stays,
    'cancel refused free': stays,
    'cancel refused held theirs': stays,
    'cancel refused booked theirs': stays,
  };
  const answer = what.isGranted ? 'granted' : 'refused';
  const whose = state.kind === 'free' ? '' : mine ? ' mine' : ' theirs';
  return rules[`${what.kind} ${answer} ${state.kind}${whose}`] ?? [];
}

function isFeasible(order: readonly Operation<SeatOperation>[], constraints: readonly Constraint[]): boolean {
  const zero = order.length;
  const edges: Constraint[] = [
    ...constraints,
    ...order.flatMap(({ fromMs, toMs }, position) => [
      { from: zero, to: position, max: toMs },
      { from: position, to: zero, max: -fromMs },
      ...(position > 0 ? [{ from: position, to: position - 1, max: 0 }] : []),
    ]),
  ].filter(({ max }) => Number.isFinite(max));
  const distance = Array.from({ length: order.length + 1 }, () => 0);
  for (let round = 0; round <= order.length + 1; round++) {
    let changed = false;
    for (const { from, to, max } of edges) {
      const shorter = (distance[from] ?? 0) + max;
      if (shorter < (distance[to] ?? 0)) {
        distance[to] = shorter;
        changed = true;
      }
    }
    if (!changed) return true;
  }
  return false;
}

function subsetsOf<T>([first, ...rest]: readonly T[]): T[][] {
  if (first === undefined) return [[]];
  return subsetsOf(rest).flatMap((set) => [set, [first, ...set]]);
}

function permutationsOf<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) => permutationsOf(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}
