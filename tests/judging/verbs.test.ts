import { describe, expect, it } from 'vitest';
import { type Attempt, type History, roundsOf, weakBecause, weaknessesOf } from '../../model/index.ts';
import { remarksOf } from '../../plugin/src/judging/index.ts';
import { reportOf } from '../../reports/index.ts';
import { history, ok, plan, problem, refused, round, stored, times } from '../support/histories.ts';
import { idsOf, said } from '../support/judged.ts';

const lost = () => refused();
const unjudged = (attempts: readonly Attempt[], from: number): Attempt[] =>
  attempts.map((attempt) => ({ ...attempt, vu: attempt.vu + from, judged: false as const }));

describe('attempts that are judged by nothing', () => {
  const race = (others: number): History => ({
    ...history(plan(), round(1, 'A', [ok(), lost()])),
    unjudged: unjudged(round(1, 'A', times(others, ok)), 2),
  });

  it('are there, so nobody is missing, and count nowhere else', () => {
    expect(idsOf(race(2))).toEqual([]);
    const report = reportOf(race(2), []);
    expect([report.totals, report.expected.requests]).toEqual([{ requests: 2, ok: 1, fail: 1, info: 0 }, 2]);
    expect(report.rounds[0]).toMatchObject({ requests: 2, overlap: 2, winners: [{ vu: 1 }] });
  });

  it('do not stand in for somebody who did not come', () => {
    expect(idsOf(race(1))).toEqual(['weak-contention', 'incomplete']);
  });
});

describe('an attempt that another request decided', () => {
  it('may be lost with any status', () => {
    const attempts = round(1, 'A', [ok(202), ...times(3, () => refused(202, 'sold out'))]);
    const settled = attempts.map((attempt) => ({ ...attempt, settledAfterMs: 0 }));
    expect([idsOf(history(plan(), settled)), idsOf(history(plan(), attempts))]).toEqual([[], ['wrong-rejection']]);
  });
});

describe('a preparation that failed', () => {
  const failed = { ...problem('once A was answered 500: boom'), step: 'POST /orders', setup: true } as const;

  it('is a doubt of its own, and explains why its round has no attempts', () => {
    const two = plan({
      inventories: [
        { key: 'A', capacity: 1 },
        { key: 'B', capacity: 1 },
      ],
    });
    const race = history(two, round(2, 'B', [ok(), lost(), lost(), lost()]));
    expect(said({ ...race, problems: [failed] })).toEqual([
      ['doubt setup-failed', 'POST /orders: once A was answered 500: boom', []],
    ]);
    expect(idsOf(race)).toEqual(['incomplete']);
  });

  it('explains a run without any attempt', () => {
    expect(idsOf({ ...history(plan(), []), problems: [failed] })).toEqual(['setup-failed']);
  });
});

describe('a race in which each goes for anything', () => {
  const items = ['A', 'B', 'C'].map((key) => ({ key, capacity: 1 }));
  const any = plan({ contenders: 9, inventories: items, anyItem: true });
  const first = [...round(1, 'A', [ok(), lost(), lost()]), ...round(2, 'B', [ok(), lost()])];

  it('is judged by those who came; what nobody went for is named, and no doubt', () => {
    const race = history(any, first);
    expect(idsOf(race)).toEqual([]);
    expect(remarksOf(race).notes).toEqual(['Nobody went for seat C.']);
    expect(reportOf(race, []).expected).toMatchObject({ requests: 5, ok: 2 });
  });

  it('tells apart what was sold before', () => {
    const said = (key: string, when: 'before' | 'after', ids: readonly string[]) => ({
      ...stored(ids.length, ids, when),
      inventory: key,
    });
    const race = history({ ...any, readBack: true }, first, [
      ...['A', 'B', 'C'].map((key) => said(key, 'before', key === 'C' ? ['o-0'] : [])),
      ...['A', 'B', 'C'].map((key) => said(key, 'after', ['order-1'])),
    ]);
    expect(remarksOf(race).notes).toEqual([]);
    expect(idsOf(race)).toContain('already-taken');
  });

  it('sells an item once in all its rounds together', () => {
    const later = round(4, 'A', [lost(), lost()]);
    const again = round(4, 'A', [ok(201, 'order-2'), lost()]);
    expect([idsOf(history(any, [...first, ...later])), idsOf(history(any, [...first, ...again]))]).toEqual([
      [],
      ['double-booking'],
    ]);
  });

  it('has no winner where nobody got an item in any round', () => {
    const unsold = [...round(1, 'A', [ok(), lost()]), ...round(2, 'B', [lost(), lost()])];
    expect(idsOf(history(any, unsold))).toEqual(['no-winner']);
  });

  it('does not miss who ended on the way', () => {
    const gone = { reason: 'ETIMEDOUT', count: 1, vus: [9] };
    expect(idsOf({ ...history(any, first), problems: [gone] })).toEqual([]);
  });

  it('is weak where one came alone, or nobody had to lose', () => {
    const weak = (attempts: readonly Attempt[], capacity = 1) => {
      const race = history({ ...any, inventories: [{ key: 'A', capacity }] }, attempts);
      const rounds = roundsOf(race.run.plan, race.attempts);
      return rounds.flatMap((one) => weakBecause(weaknessesOf(race, rounds).get(one)));
    };
    expect(weak(round(1, 'A', [ok()]))).toContain('only one contender went for it');
    expect(weak(round(1, 'A', [ok(), ok()]), 3)).toEqual(['2 contenders went for 3']);
    expect(weak(round(1, 'A', [ok(), lost()]))).toEqual([]);
  });

  it('proves nothing without any attempt', () => {
    expect(idsOf(history(any, []))).toEqual(['incomplete']);
  });
});
