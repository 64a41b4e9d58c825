import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../model/index.ts';
import { midwayReader } from '../../plugin/src/artillery/launcher/read-back-midway.ts';
import { history, ok, plan, refused, round } from '../support/histories.ts';

const inventories = [
  { key: 'A', capacity: 1 },
  { key: 'B', capacity: 3 },
];
const ofTwo = plan({ contenders: 2, readBack: true, inventories });

/** `tell` adds attempts to the history, at a time on the run's clock; `asked` is what the server was asked about. */
function reading() {
  const attempts: Attempt[] = [];
  const asked: string[][] = [];
  let nowMs = 0;
  const reader = midwayReader({
    plan: ofTwo,
    now: () => nowMs,
    ended: () => attempts.length,
    history: () => history(ofTwo, attempts),
    ask: async (some) => void asked.push(some.map(({ key, capacity }) => `${capacity} of ${key}`)),
  });
  const tell = (atMs: number, ...some: readonly Attempt[]) => {
    nowMs = atMs;
    attempts.push(...some);
  };
  return { ...reader, tell, asked };
}

describe('a read-back in the middle of the run', () => {
  it('is about what anybody has gone for since the last one', async () => {
    const { read, askedAtMs, tell, asked } = reading();
    await read([]);
    expect(asked).toEqual([]);
    tell(300, ...round(1, 'A', [ok(), refused()]), ...round(2, 'B', [ok(), ok()]));
    await read([{ inventory: 'A', completedAtMs: 120 }]);
    await read([]);
    expect(asked.splice(0)).toEqual([['1 of A', '3 of B']]);
    tell(500, ...round(4, 'B', [ok(), refused()]));
    await read([]);
    expect(asked).toEqual([['3 of B']]);
    expect(['A', 'B', 'C'].map(askedAtMs)).toEqual([300, 500, undefined]);
  });

  it('is also about attempts that nothing has decided yet, which the history lacks', async () => {
    const { read, tell, asked } = reading();
    for (const atMs of [200, 400]) {
      tell(atMs);
      await read([{ inventory: 'B', completedAtMs: atMs - 50 }]);
    }
    expect(asked).toEqual([['3 of B'], ['3 of B']]);
  });

  it('is not sent twice where two contenders ask at once: the first one may change something next', async () => {
    const { read, tell, asked } = reading();
    tell(300, ...round(1, 'A', [ok(), refused()]), ...round(2, 'B', [ok(), ok()]));
    await Promise.all(['A', 'B'].map((inventory) => read([{ inventory, completedAtMs: 230 }])));
    expect(asked).toEqual([['1 of A', '3 of B']]);
  });
});
