import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type History, roundsOf } from '../../model/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';
import { mergeMachines } from '../../plugin/src/recording/machines.ts';
import { reportOf } from '../../reports/report.ts';
import { granting, history, ok, operation, plan, refused, round, ruled } from '../support/histories.ts';

const AXIS_MS = 1_780_000_000_000;

interface Machine {
  readonly machine: number;
  readonly conclusions: Parameters<typeof round>[2];
  /** How far this machine's clock is behind that of the first. */
  readonly behindMs?: number;
  readonly errorMs?: number;
}

/** The history that one of three machines wrote: one round, its virtual users numbered after those of the machines before. */
function historyOf({ machine, conclusions, behindMs = 0, errorMs = 0.1 }: Machine): History {
  const three = plan({ contenders: 6, machines: 3 });
  const attempts = round(1, 'A', conclusions).map((attempt) => ({
    ...attempt,
    vu: attempt.vu + (machine - 1) * 2,
    releasedAtMs: (attempt.releasedAtMs ?? 0) - behindMs,
    completedAtMs: attempt.completedAtMs - behindMs,
  }));
  const { run, ...rest } = history(three, attempts);
  const clock = { type: 'clock', machine, round: 1, offsetMs: AXIS_MS + behindMs, errorMs } as const;
  return { ...rest, run: { ...run, machine }, clocks: [clock] };
}

const winner = () => ok(201, 'order-1');
const three = (): Machine[] => [
  { machine: 1, conclusions: [refused(), refused()] },
  { machine: 2, conclusions: [winner(), refused()], behindMs: 40, errorMs: 0.3 },
  { machine: 3, conclusions: [refused(), refused()], behindMs: -30, errorMs: 0.2 },
];
const judged = (histories: readonly History[]) => {
  const merged = mergeMachines(histories);
  return reportOf(merged, judge(merged));
};
const idsOf = (histories: readonly History[]) =>
  judge(mergeMachines(histories)).map(({ id, severity }) => [id, severity]);

describe('histories of several machines', () => {
  it('are one race on one axis of time', () => {
    const report = judged(three().map(historyOf));
    expect(report).toMatchObject({ verdict: 'pass', vus: 6, totals: { requests: 6, ok: 1, fail: 5 } });
    const [only] = report.rounds;
    // All clocks agree once they are on one axis; the two worst may be wrong together.
    expect(only?.spreadMs).toBeLessThan(0.6);
    expect(only?.spreadErrorMs).toBeCloseTo(0.5, 9);
    expect(report.machines?.map(({ machine, contenders }) => [machine, contenders])).toEqual([
      [1, 2],
      [2, 2],
      [3, 2],
    ]);
  });

  it('keep the requests that are judged by nothing, on the same axis', () => {
    const histories = three().map(historyOf);
    const looked = histories.map(({ attempts, ...rest }) => ({
      ...rest,
      attempts: attempts.slice(1),
      unjudged: attempts.slice(0, 1),
    }));
    const merged = mergeMachines(looked);
    expect(merged.unjudged?.map(({ machine, vu }) => [machine, vu])).toEqual([
      [1, 1],
      [2, 3],
      [3, 5],
    ]);
    expect(merged.unjudged).toEqual(mergeMachines(histories).attempts.filter(({ vu }) => vu % 2 === 1));
    expect(mergeMachines(histories)).not.toHaveProperty('unjudged');
  });

  it('give the same report in any order', () => {
    const histories = three().map(historyOf);
    fc.assert(
      fc.property(fc.shuffledSubarray(histories, { minLength: 3 }), (shuffled) => {
        expect(JSON.stringify(judged(shuffled))).toBe(JSON.stringify(judged(histories)));
      }),
    );
  });

  it('are a weak race where the clocks may be too wrong', () => {
    const wrong = three().map((machine) => historyOf({ ...machine, errorMs: 30 }));
    expect(idsOf(wrong)).toEqual([['weak-contention', 'doubt']]);
  });

  it('are a weak race where a machine did not say how wrong its clock is', () => {
    const [first, second, { clocks: _, ...third }] = three().map(historyOf) as [History, History, History];
    expect(idsOf([first, second, third])).toEqual([['weak-contention', 'doubt']]);
  });

  it('keep the attempts that are judged by nothing', () => {
    const histories = three().map(historyOf);
    const [present] = round(1, 'A', [refused()]);
    const merged = mergeMachines(
      histories.map((each) => ({ ...each, unjudged: present === undefined ? [] : [{ ...present, judged: false }] })),
    );
    expect(merged.unjudged?.map(({ machine }) => machine)).toEqual([1, 2, 3]);
  });

  it('are a double booking where two machines have a winner each', () => {
    const both = three().map((machine) => historyOf({ ...machine, conclusions: [winner(), refused()] }));
    expect(idsOf(both)[0]).toEqual(['double-booking', 'violation']);
  });

  it('are taken as they are where there was one machine', () => {
    const one = history(plan(), round(1, 'A', [winner(), refused(), refused(), refused()]));
    expect(mergeMachines([one])).toBe(one);
    expect(roundsOf(one.run.plan, one.attempts)[0]).not.toHaveProperty('spreadErrorMs');
  });
});

describe('a race that lost a machine', () => {
  it('is no pass, and says whose history is missing', () => {
    const [first, second] = three().map(historyOf) as [History, History];
    const findings = judge(mergeMachines([first, second]));
    expect(findings.find(({ id }) => id === 'machine-lost')?.message).toBe('the histories of 2 of 3 machines are here');
    expect(findings.every(({ severity }) => severity === 'doubt')).toBe(true);
  });

  it.each([
    [{ what: 'machine', machine: 2 }, 'machine 2 was lost'],
    [{ what: 'redis' }, 'the Redis where the machines meet was lost'],
    [{ what: 'machine', came: 2 }, '2 of 3 machines came'],
  ] as const)('names what was lost: %o', (loss, message) => {
    const histories = three()
      .map(historyOf)
      .map((each) => ({ ...each, lost: [{ type: 'lost', ...loss } as const] }));
    expect(judge(mergeMachines(histories))).toEqual([{ id: 'machine-lost', severity: 'doubt', message, witness: [] }]);
  });

  it('doubts what the lost attempts could explain, and still accuses two known winners', () => {
    const nobody = three()
      .slice(0, 2)
      .map((machine) => historyOf({ ...machine, conclusions: [refused(), refused(409)] }));
    const [first, ...others] = judge(mergeMachines(nobody));
    expect([first, ...others].filter((finding) => finding?.severity === 'violation')).toEqual([]);
    // The cause comes before what may follow from it.
    expect([first?.id, others.length > 0]).toEqual(['machine-lost', true]);
    const two = three()
      .slice(0, 2)
      .map((machine) => historyOf({ ...machine, conclusions: [winner(), refused()] }));
    expect(idsOf(two)[0]).toEqual(['double-booking', 'violation']);
  });

  it('does not call the server slow for a machine that was asleep', () => {
    const late = three()
      .map(historyOf)
      .map((each, index) =>
        index > 0
          ? each
          : { ...each, attempts: each.attempts.map((one) => ({ ...one, completedAtMs: one.completedAtMs + 7000 })) },
      );
    const slow = (histories: readonly History[]) =>
      judge(mergeMachines(histories)).find(({ id }) => id === 'slow')?.severity;
    expect(slow(late)).toBe('violation');
    expect(slow(late.map((each) => ({ ...each, lost: [{ type: 'lost', what: 'machine', machine: 1 }] })))).toBe(
      'doubt',
    );
  });
});

describe('a race on one of an unknown number of machines', () => {
  const unknown = plan({ machinesUnknown: true });

  it('is no pass, and says what to set', () => {
    const [finding] = judge(history(unknown, round(1, 'A', [winner(), refused(), refused(), refused()])));
    expect(finding).toMatchObject({ id: 'machines-unknown', severity: 'doubt' });
    expect(finding?.message).toContain('`machines: 1`');
  });

  it('doubts that nobody won, because somebody elsewhere may have', () => {
    const refusals = [refused(), refused(409, 'taken'), refused(), refused()];
    const found = judge(history(unknown, round(1, 'A', refusals)));
    expect(found.filter(({ severity }) => severity === 'violation')).toEqual([]);
    const alone = judge(history(plan(), round(1, 'A', refusals)));
    expect(alone.map(({ id, severity }) => [id, severity])).toContainEqual(['no-winner', 'violation']);
  });

  it.for<[string, string, History]>([
    [
      'units stayed unsold',
      'unsold',
      history(
        plan({ inventories: [{ key: 'A', capacity: 3 }] }),
        round(1, 'A', [winner(), refused(), refused(), refused()]),
      ),
    ],
    [
      'a number was skipped',
      'gap',
      history(ruled({ name: 'unique', gapless: true }, 2), round(1, 'A', [granting(['1']), granting(['3'])])),
    ],
    [
      'somebody was refused what was free',
      'wrongly-refused',
      history(ruled({ name: 'cancel-rebook', busy: [] }, 2), [
        operation(1, 'book', winner(), [0, 10]),
        operation(1, 'cancel', ok(204), [20, 30]),
        operation(2, 'book', refused(), [40, 50]),
      ]),
    ],
  ])('doubts that %s, because somebody elsewhere may have got it', ([, id, alone]) => {
    const severityIn = (recorded: History) => judge(recorded).find((finding) => finding.id === id)?.severity;
    expect(severityIn(alone)).toBe('violation');
    const run = { ...alone.run, plan: { ...alone.run.plan, machinesUnknown: true as const } };
    expect(severityIn({ ...alone, run })).toBe('doubt');
  });
});
