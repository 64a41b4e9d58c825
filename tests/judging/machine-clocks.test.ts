import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Attempt, type Conclusion, type History, type Operation, roundsOf } from '../../model/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';
import { mergeMachines } from '../../plugin/src/recording/machines.ts';
import { history, ok, plan, refused } from '../support/histories.ts';

/** A machine: what its clock said when the true time was 0, and how wrong it believes that to be in each round. */
interface Machine {
  readonly originMs: number;
  readonly errorMs: number;
  /** How wrong its offset really is in each round, at most the error. */
  readonly wrongMs: readonly number[];
}

/** An attempt at true times. */
interface Deed {
  readonly machine: number;
  readonly operation: Operation;
  readonly round: number;
  readonly conclusion: Conclusion;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the machines wrote. The clock of Redis is set by so much before each round. */
function written(machines: readonly Machine[], deeds: readonly Deed[], stepsMs: readonly number[]): History[] {
  const rule = { name: 'cancel-rebook', busy: [] } as const;
  return machines.map(({ originMs, errorMs, wrongMs }, index) => {
    const machine = index + 1;
    const own = deeds.filter((deed) => deed.machine === machine);
    const attempts = own.map(({ operation, round, conclusion, fromMs, toMs }): Attempt => {
      const times = { stagedAtMs: fromMs + originMs, releasedAtMs: fromMs + originMs, completedAtMs: toMs + originMs };
      return { ...conclusion, round, inventory: 'A', vu: machine, operation, ...times };
    });
    const { run, ...rest } = history(plan({ contenders: machines.length, machines: machines.length, rule }), attempts);
    const clocks = [...new Set(own.map(({ round }) => round))].map((round) => {
      const offsetMs = 1_780_000_000_000 - originMs + (stepsMs[round - 1] ?? 0) + (wrongMs[round - 1] ?? 0);
      return { type: 'clock', machine, round, offsetMs, errorMs } as const;
    });
    return { ...rest, run: { ...run, machine }, clocks };
  });
}

const machine: fc.Arbitrary<Machine> = fc
  .record({
    originMs: fc.integer({ min: 5000, max: 90_000_000 }),
    errorMs: fc.double({ min: 0.01, max: 1, noNaN: true }),
    shares: fc.tuple(...Array.from({ length: 2 }, () => fc.double({ min: -1, max: 1, noNaN: true }))),
  })
  .map(({ shares, ...rest }) => ({ ...rest, wrongMs: shares.map((share) => share * rest.errorMs) }));
const step = fc.constantFrom(-1000, 0, 1000);

const CANCEL = { fromMs: 100, toMs: 100.2 };
/** Machine 1 books and cancels; machine 2 is refused, and then books, so long after the cancellation began. */
const rebooked = (afterMs: number): Deed[] => [
  { machine: 1, round: 1, operation: 'book', conclusion: ok(201, 'x'), fromMs: 0, toMs: 10 },
  { machine: 2, round: 1, operation: 'book', conclusion: refused(409), fromMs: 0, toMs: 11 },
  { machine: 1, round: 2, operation: 'cancel', conclusion: ok(200, 'x'), ...CANCEL },
  {
    ...{ machine: 2, round: 2, operation: 'book', conclusion: ok(201, 'y') },
    ...{ fromMs: CANCEL.fromMs + afterMs, toMs: CANCEL.fromMs + afterMs + 0.2 },
  },
];
const exact: Machine = { originMs: 7000, errorMs: 0.01, wrongMs: [0, 0] };
const merged = (machines: readonly Machine[], deeds: readonly Deed[], stepsMs: readonly number[] = []) =>
  mergeMachines(written(machines, deeds, stepsMs));
const violations = (of: History) => judge(of).filter(({ severity }) => severity === 'violation');

describe('the order of what two machines saw', () => {
  it('never accuses a right system, whatever is wrong with the clocks and when Redis is set', () => {
    fc.assert(
      fc.property(
        fc.tuple(machine, machine),
        fc.tuple(step, step),
        // It may have taken effect right after a cancellation that ended later.
        fc.double({ min: -0.19, max: 3, noNaN: true }),
        (machines, steps, afterMs) => {
          expect(violations(merged(machines, rebooked(afterMs), steps))).toEqual([]);
        },
      ),
    );
  });

  it('still accuses a wrong one where the clocks are good enough', () => {
    fc.assert(
      fc.property(fc.tuple(machine, machine), fc.tuple(step, step), (machines, steps) => {
        expect(violations(merged(machines, rebooked(-20), steps)).map(({ id }) => id)).not.toEqual([]);
      }),
    );
  });

  it('is kept on the first machine’s clock where Redis is set between two rounds', () => {
    fc.assert(
      fc.property(fc.tuple(machine, machine), fc.tuple(step, step), (machines, steps) => {
        const [first, second] = machines;
        for (const { machine: of, round, releasedAtMs = 0 } of merged(machines, rebooked(1), steps).attempts) {
          const trueMs = releasedAtMs - first.originMs;
          const expected = round === 1 ? 0 : of === 1 ? CANCEL.fromMs : CANCEL.fromMs + 1;
          expect(Math.abs(trueMs - expected)).toBeLessThanOrEqual(first.errorMs + second.errorMs + 0.01);
        }
      }),
    );
  });

  it('proves that a cancelled seat was booked again only if it is certain', () => {
    const ids = (errorMs: number) =>
      judge(
        merged(
          [
            { ...exact, errorMs },
            { ...exact, errorMs },
          ],
          rebooked(2),
        ),
      ).map(({ id }) => id);
    expect(ids(0.1)).not.toContain('window-not-tried');
    expect(ids(5)).toContain('window-not-tried');
  });

  it('says that attempts were in flight at once only if it is certain', () => {
    const both: Deed[] = [1, 2].map((of) => ({
      ...{ machine: of, round: 1, operation: 'book', conclusion: refused(409), fromMs: 0, toMs: 3 },
    }));
    const overlap = (errorMs: number) => {
      const { run, attempts } = merged(
        [
          { ...exact, errorMs },
          { ...exact, errorMs },
        ],
        both,
      );
      return roundsOf(run.plan, attempts)[0]?.overlap;
    };
    expect(overlap(1)).toBe(2);
    expect(overlap(2)).toBe(0);
  });
});

describe('a machine that took its clock in other rounds than the first', () => {
  const deeds: Deed[] = [
    ...rebooked(1).filter(({ round }) => round === 1),
    { machine: 2, round: 2, operation: 'book', conclusion: refused(409), fromMs: 1000, toMs: 1010 },
  ];

  it('is known by the nearest round that both were in, less exactly', () => {
    const last = merged([exact, exact], deeds, [0, -1000]).attempts.at(-1);
    expect(last?.releasedAtMs).toBeCloseTo(exact.originMs + 1000, 6);
    // Both errors, and what two clocks may drift apart in a second.
    expect(last?.clockErrorMs).toBeCloseTo(0.02 + 0.5, 6);
  });
});
