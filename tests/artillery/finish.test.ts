import { describe, expect, it, vi } from 'vitest';
import { createFinish } from '../../plugin/src/artillery/launcher/machines/gather.ts';
import type { MachineMessage, Machines } from '../../plugin/src/artillery/launcher/machines/join.ts';
import type { Lost } from '../../plugin/src/meet/index.ts';

/** One of three machines, as `createFinish` sees it. */
function oneOfThree(machine: number) {
  const listeners = new Map<string, (message: MachineMessage, from: number) => void>();
  const losses: Lost[] = [];
  const said: string[] = [];
  const machines = {
    ...{ machine, count: 3, isHost: machine === 1, losses: () => losses },
    on: (type: string, listener: (message: MachineMessage, from: number) => void) => void listeners.set(type, listener),
    tellHost: ({ type }: MachineMessage) => void said.push(type),
  } as unknown as Machines;
  const hear = (message: MachineMessage, from: number) => listeners.get(message.type)?.(message, from);
  const finish = createFinish(machines);
  let isThrough = false;
  void finish.allThrough().then(() => {
    isThrough = true;
  });
  return { hear, losses, said, isThrough: () => isThrough };
}

/** Longer than any wait for the verdict. */
const LONG_MS = 120_000;

describe('a machine whose contenders are through', () => {
  it('waits for the first machine for as long as that asks the server', async () => {
    vi.useFakeTimers();
    try {
      const guest = oneOfThree(2);
      await vi.advanceTimersByTimeAsync(LONG_MS);
      expect([guest.said, guest.isThrough()]).toEqual([['through'], false]);
      guest.hear({ type: 'all through' }, 1);
      await vi.advanceTimersByTimeAsync(LONG_MS);
      expect(guest.isThrough()).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it.for<[string, number, Lost]>([
    ['the first one', 2, { kind: 'machine', machine: 1 }],
    ['Redis', 3, { kind: 'redis' }],
  ])('does not wait once %s is lost', async ([, machine, lost]) => {
    vi.useFakeTimers();
    try {
      const guest = oneOfThree(machine);
      guest.losses.push(lost);
      await vi.advanceTimersByTimeAsync(LONG_MS);
      expect(guest.isThrough()).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('waits for all others if it is the first one, but not for a lost one', async () => {
    vi.useFakeTimers();
    try {
      const host = oneOfThree(1);
      host.hear({ type: 'through' }, 1);
      host.hear({ type: 'through' }, 2);
      await vi.advanceTimersByTimeAsync(LONG_MS);
      expect(host.isThrough()).toBe(false);
      host.losses.push({ kind: 'machine', machine: 3 });
      await vi.advanceTimersByTimeAsync(LONG_MS);
      expect(host.isThrough()).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });
});
