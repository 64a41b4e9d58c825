import { describe, expect, it } from 'vitest';
import type { Repeat } from '../../model/index.ts';
import { Schedule, type ScheduleOptions } from '../../plugin/src/artillery/launcher/repeat/schedule.ts';

const STRONG = { isViolated: false, strongRounds: 1, isRaced: true };
const WEAK = { ...STRONG, strongRounds: 0 };
const NOT_RACED = { ...WEAK, isRaced: false };
const two = ['A', 'B'].map((key) => ({ key, fields: {} }));

/** Goes on for as long as there is a turn, with the results in order and the last one again and again. */
function walk(repeat: Omit<Repeat, 'stop'>, results = [STRONG], options: Partial<ScheduleOptions> = {}) {
  let nowMs = 0;
  const schedule = new Schedule({
    repeat: { ...repeat, stop: 'violation' },
    inventories: two,
    strongRounds: 0.75,
    now: () => nowMs,
    ...options,
  });
  const turns: string[] = [];
  for (let turn = schedule.next(); turn !== undefined && turns.length < 1000; turn = schedule.next()) {
    turns.push(`${turn.number} ${turn.inventory.key}${turn.visit}`);
    nowMs += 100;
    schedule.report(results[Math.min(turns.length, results.length) - 1] ?? STRONG);
  }
  return { turns, end: schedule.end };
}

describe('rounds that repeat', () => {
  it('visit each inventory so often', () => {
    expect(walk({ times: 2 })).toEqual({ turns: ['1 A1', '2 B1', '3 A2', '4 B2'], end: 'done' });
  });

  it('end as soon as the bound is reached', () => {
    expect(walk({ until: 0.03 }).turns).toHaveLength(99);
    expect(walk({ until: 0.03 }, [WEAK, STRONG]).turns).toHaveLength(100);
  });

  it('end when the time is over', () => {
    expect(walk({ forMs: 250 })).toEqual({ turns: ['1 A1', '2 B1', '3 A2'], end: 'done' });
  });

  it('end at a violation', () => {
    expect(walk({ times: 9 }, [STRONG, { ...STRONG, isViolated: true }])).toEqual({
      turns: ['1 A1', '2 B1'],
      end: 'violation',
    });
  });

  it('end where going on can prove nothing more', () => {
    const weak = walk({ until: 0.03 }, [WEAK, WEAK, STRONG, WEAK]);
    expect([weak.turns.length, weak.end]).toEqual([132, 'out of reach']);
    expect(walk({ until: 0.03 }, [NOT_RACED])).toEqual({ turns: ['1 A1', '2 B1'], end: 'out of reach' });
    expect(walk({ forMs: 1e6 }, [NOT_RACED])).toEqual({ turns: ['1 A1', '2 B1'], end: 'out of reach' });
  });

  it('take the inventories of the next pass from a request, and end where it names none', () => {
    const passes = [[{ key: 'C', fields: {} }], []];
    expect(walk({ times: 9 }, [STRONG], { nextPass: () => passes.shift() ?? [] })).toEqual({
      turns: ['1 A1', '2 B1', '3 C1'],
      end: 'nothing left',
    });
  });
});
