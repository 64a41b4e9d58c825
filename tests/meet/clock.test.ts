import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_SAMPLES, offsetAt, offsetOf, type Sample, withSample } from '../../plugin/src/meet/clock.ts';

/** Exchanges with a reference that is `offsetMs` ahead, and drifts; each way takes its own time. */
const exchange = fc.record({
  sentMs: fc.double({ min: 0, max: 4000, noNaN: true }),
  thereMs: fc.double({ min: 0.01, max: 50, noNaN: true }),
  backMs: fc.double({ min: 0.01, max: 50, noNaN: true }),
});

function samplesOf(
  exchanges: readonly { sentMs: number; thereMs: number; backMs: number }[],
  truth: (ms: number) => number,
) {
  return exchanges
    .map(({ sentMs, thereMs, backMs }): Sample => {
      const atMs = sentMs + thereMs;
      return { sentMs, receivedMs: atMs + backMs, referenceMs: atMs + truth(atMs) };
    })
    .toSorted((a, b) => a.sentMs - b.sentMs);
}

describe('the common clock', () => {
  it('is within its error on any path, and with any drift below the bound', () => {
    fc.assert(
      fc.property(
        fc.array(exchange, { minLength: 1, maxLength: 30 }),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: -200e-6, max: 200e-6, noNaN: true }),
        fc.double({ min: 0, max: 5000, noNaN: true }),
        (exchanges, offsetMs, drift, atMs) => {
          const truth = (ms: number) => offsetMs + drift * ms;
          const found = offsetAt(samplesOf(exchanges, truth), atMs);
          expect(found).toBeDefined();
          const { offsetMs: estimated, errorMs } = found as { offsetMs: number; errorMs: number };
          expect(Math.abs(estimated - truth(atMs))).toBeLessThanOrEqual(errorMs + 1e-6);
        },
      ),
    );
  });

  it('has an error of half a round trip after one exchange', () => {
    const [sample] = samplesOf([{ sentMs: 0, thereMs: 1, backMs: 1 }], () => 500);
    expect(offsetAt([sample as Sample], 1)).toEqual({ offsetMs: 500, errorMs: expect.closeTo(1, 3) });
  });

  it('knows nothing before the first exchange', () => {
    expect(offsetOf(NO_SAMPLES, 0).errorMs).toBe(Infinity);
  });

  it('takes a jump of the reference into the error of every instant near it', () => {
    const quick = (sentMs: number) => ({ sentMs, thereMs: 0.1, backMs: 0.1 });
    const before = samplesOf([quick(0), quick(25), quick(50)], () => 0);
    const after = samplesOf([quick(75), quick(100)], () => 1000);
    const state = [...before, ...after].reduce(withSample, NO_SAMPLES);
    const { offsetMs, errorMs } = offsetOf(state, 60);
    expect(offsetMs).toBeCloseTo(1000, 0);
    expect(errorMs).toBeGreaterThan(999);
    // Long after the jump, only the exchanges since then count.
    expect(offsetOf(withSample(state, samplesOf([quick(9000)], () => 1000)[0] as Sample), 9000).errorMs).toBeLessThan(
      1,
    );
  });
});
