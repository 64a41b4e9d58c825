import { describe, expect, it } from 'vitest';
import { systemClock } from '../../plugin/src/rendezvous/clock.ts';
import { createDepartures } from '../../plugin/src/rendezvous/departure.ts';

/** A clock on which each look takes 10 µs, so that the result does not depend on the machine. */
function steppingClock() {
  let atMs = 0;
  const now = () => {
    atMs += 0.01;
    return atMs;
  };
  return { now, clock: systemClock(now) };
}

/** Lets members go every `stepMs`. @returns after which of them the event loop had a turn */
async function departEvery(stepMs: number, count: number): Promise<number[]> {
  const { now, clock } = steppingClock();
  const turns: number[] = [];
  let gone = 0;
  let isOver = false;
  const turn = () => {
    turns.push(gone);
    if (!isOver) setImmediate(turn);
  };
  await new Promise<void>((resolve) => {
    const firstMs = now() + 0.05;
    const released = Array.from({ length: count }, (_, member) => ({
      member,
      atMs: firstMs + member * stepMs,
      letGo() {
        gone += 1;
        if (gone === count) resolve();
      },
    }));
    setImmediate(turn);
    createDepartures(clock).depart(released);
  });
  isOver = true;
  return [...new Set(turns)].filter((after) => after > 0 && after < count);
}

describe('members with close instants', () => {
  it('give the event loop a turn to read answers at least every 1 to 2 ms', async () => {
    const turns = await departEvery(0.06, 1000);
    const gaps = [...turns, 1000].map((at, i) => at - (turns[i - 1] ?? 0));
    // 1,000 members go in 60 ms, so 33 of them in 2 ms.
    expect(Math.max(...gaps)).toBeLessThanOrEqual(33);
  });

  it('go without a turn in between if they are few', async () => {
    expect(await departEvery(0.06, 10)).toEqual([]);
  });
});
