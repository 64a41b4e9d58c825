import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { HELPED_MS, STALL_MS, StallWatch } from '../../plugin/src/gate/stall-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A watch over so many idle connections, and what it did. */
function watchOver(idle: number) {
  const log: string[] = [];
  const watch = new StallWatch({
    now: () => Date.now(),
    closeIdle() {
      log.push('closed');
      return idle;
    },
    keepNone: () => log.push('keeps none'),
  });
  return { watch, log };
}

it('closes idle connections once nobody in flight was answered for a while, and keeps none if that helps', () => {
  const { watch, log } = watchOver(1);
  for (let request = 0; request < 3; request++) watch.sent();
  vi.advanceTimersByTime(STALL_MS - 1);
  watch.ended();
  vi.advanceTimersByTime(STALL_MS - 1);
  expect(log).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(log).toEqual(['closed']);
  vi.advanceTimersByTime(HELPED_MS - 1);
  watch.ended();
  expect(log).toEqual(['closed', 'keeps none']);
  watch.ended();
  vi.advanceTimersByTime(10 * STALL_MS);
  expect(log.filter((step) => step === 'closed')).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});

it.each([
  ['there was nothing to close', 0, HELPED_MS - 1],
  ['the answer came later', 1, HELPED_MS],
])('goes on keeping connections where %s', (_why, idle, laterMs) => {
  const { watch, log } = watchOver(idle);
  for (let request = 0; request < 2; request++) watch.sent();
  vi.advanceTimersByTime(STALL_MS + laterMs);
  watch.ended();
  expect(log).toEqual(['closed']);
  watch.close();
  expect(vi.getTimerCount()).toBe(0);
});
