import { afterEach, describe, expect, it, vi } from 'vitest';
import { clockOf, type RunContext } from '../../plugin/src/artillery/shared/run-context.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const now = performance.now.bind(performance);
const SLOW_MS = 10;
const spin = () => {
  for (const endMs = now() + SLOW_MS; now() < endMs; );
};

describe("the run's clock of a thread", () => {
  it.for([
    ['the first reading is slow', (call: number) => call === 1],
    ['it is paused at most readings', (call: number) => call % 10 !== 0],
  ] as const)('is right where %s', ([, isSlow]) => {
    let calls = 0;
    // A pause after the question and before the answer.
    vi.spyOn(performance, 'now').mockImplementation(() => {
      calls += 1;
      if (isSlow(calls)) spin();
      return now();
    });
    const run = { originNs: process.hrtime.bigint() } as RunContext;
    const clock = clockOf(run);
    vi.restoreAllMocks();
    const offsetsMs = Array.from({ length: 20 }, () => {
      const beforeMs = Number(process.hrtime.bigint() - run.originNs) / 1e6;
      return Math.abs(clock() - beforeMs);
    });
    // One of these readings is not paused.
    expect(Math.min(...offsetsMs)).toBeLessThan(SLOW_MS / 10);
  });

  it('is one function for all who ask in a thread', () => {
    const run = { originNs: process.hrtime.bigint() } as RunContext;
    expect(clockOf(run)).toBe(clockOf(run));
  });
});
