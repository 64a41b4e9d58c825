import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Exchange, Holder } from '../../plugin/src/gate/exchange.ts';
import { HeldTraffic } from '../../plugin/src/gate/held-traffic.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function contender(traffic: HeldTraffic) {
  const told: string[] = [];
  const holder: Holder = {
    staged: () => told.push('staged'),
    released: () => told.push('released'),
    done: () => told.push('done'),
  };
  const { staged, released, done } = traffic.watched(holder);
  return { told, stage: () => staged(() => {}), release: () => released?.(), end: () => done({} as Exchange) };
}

/** What has happened to the promise by now. */
const isOver = async (promise: Promise<void>) => {
  let over = false;
  promise.then(() => {
    over = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  return over;
};

it('an answer waits until the last request in flight has ended', async () => {
  const traffic = new HeldTraffic();
  const [one, other, held] = [contender(traffic), contender(traffic), contender(traffic)];
  held.stage();
  for (const { release } of [one, other]) release();
  one.end();
  const waiting = traffic.over(1000);
  expect(await isOver(waiting)).toBe(false);
  other.end();
  expect(await isOver(waiting)).toBe(true);
  expect([one.told, held.told]).toEqual([['released', 'done'], ['staged']]);
  expect(vi.getTimerCount()).toBe(0);
});

it('an answer does not wait where nothing is in flight, and not for ever where a target hangs', async () => {
  const traffic = new HeldTraffic();
  expect(await isOver(traffic.over(1000))).toBe(true);
  const hanging = contender(traffic);
  hanging.release();
  const waiting = traffic.over(1000);
  await vi.advanceTimersByTimeAsync(999);
  expect(await isOver(waiting)).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(await isOver(waiting)).toBe(true);
});
