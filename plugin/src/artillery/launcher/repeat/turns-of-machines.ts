import { setTimeout as sleep } from 'node:timers/promises';
import type { Attempt } from '../../../../../model/index.ts';
import type { Machines } from '../machines/index.ts';
import type { Decide, Decision } from './turn-desk.ts';

/** What this machine says about the turn that is over. */
export interface OwnTurn {
  readonly attempts: () => readonly Attempt[];
  readonly isInterrupted: () => boolean;
}

const POLL_MS = 20;

/** On several machines, the first one decides what comes next, once all of them are through with the turn before. */
export function turnsOfMachines(
  machines: Machines | undefined,
  own: OwnTurn,
  decide: (number: number, others: readonly Attempt[], isInterrupted: boolean) => Promise<Decision>,
): Decide {
  if (machines === undefined) return (number) => decide(number, [], own.isInterrupted());
  return machines.isHost ? forAll(machines, own, decide) : byHost(machines, own);
}

const TIMES = ['stagedAtMs', 'plannedAtMs', 'releasedAtMs', 'firstByteAtMs', 'completedAtMs'] as const;

/** The attempt with its times on another clock. */
const shifted = (attempt: Attempt, byMs: number): Attempt => ({
  ...attempt,
  ...Object.fromEntries(
    TIMES.flatMap((name) => (attempt[name] === undefined ? [] : [[name, Math.max(0, attempt[name] + byMs)]])),
  ),
});

function forAll(machines: Machines, own: OwnTurn, decide: Parameters<typeof turnsOfMachines>[2]): Decide {
  let said = new Map<number, { readonly attempts: readonly Attempt[]; readonly isInterrupted: boolean }>();
  let asked = 0;
  machines.on('turn over', ({ number, attempts, isInterrupted }, machine) => {
    if (number > asked - 1) said.set(machine, { attempts, isInterrupted });
  });
  const isThere = (machine: number) => machine === machines.machine || said.has(machine);
  const all = Array.from({ length: machines.count }, (_, index) => index + 1);
  return async (number) => {
    asked = number;
    // Once a machine is lost, no further round is released.
    while (!all.every(isThere) && machines.losses().length === 0) await sleep(POLL_MS, undefined, { ref: false });
    const others = [...said.values()];
    said = new Map();
    asked = number + 1;
    const attempts = others.flatMap((other) => other.attempts.map((attempt) => shifted(attempt, -machines.offsetMs())));
    const isInterrupted = own.isInterrupted() || others.some((other) => other.isInterrupted);
    const { turn, end } = machines.losses().length > 0 ? {} : await decide(number, attempts, isInterrupted);
    machines.tellAll({ type: 'turn', number, ...(turn && { turn }), ...(end && { end }) });
    return { turn, end };
  };
}

function byHost(machines: Machines, own: OwnTurn): Decide {
  const decisions = new Map<number, PromiseWithResolvers<Decision>>();
  const slotOf = (number: number) => {
    const slot = decisions.get(number) ?? Promise.withResolvers<Decision>();
    decisions.set(number, slot);
    return slot;
  };
  machines.on('turn', ({ number, turn, end }) => slotOf(number).resolve({ turn, end }));
  machines.onLost(() => {
    for (const slot of decisions.values()) slot.resolve({});
  });
  return async (number) => {
    decisions.delete(number - 1);
    const { machine } = machines;
    const attempts = own.attempts().map((attempt) => ({ ...shifted(attempt, machines.offsetMs()), machine }));
    machines.tellHost({ type: 'turn over', number, attempts, isInterrupted: own.isInterrupted() });
    return machines.losses().length > 0 ? {} : slotOf(number).promise;
  };
}
