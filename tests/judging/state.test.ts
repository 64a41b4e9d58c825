import { describe, expect, it } from 'vitest';
import type { Conclusion, History, Plan, ReadBack } from '../../model/index.ts';
import {
  history,
  ok,
  pending,
  refused,
  round,
  ruled,
  says,
  serverError,
  stored,
  times,
  unanswered,
  unrecognised,
} from '../support/histories.ts';
import { said } from '../support/judged.ts';

/** Answers prove nothing: a webhook that says 200 to everything. Only what is stored counts. */

function race(
  conclusions: readonly Conclusion[],
  readBacks: readonly ReadBack[],
  overrides: Partial<Plan> = {},
  exactly = true,
): History {
  const plan = ruled({ name: 'state', exactly }, conclusions.length, { readBack: true, ...overrides });
  return history(plan, round(1, 'A', conclusions), readBacks);
}
const everybody = times(4, () => ok(200));
const ofCapacity = (capacity: number): Partial<Plan> => ({ inventories: [{ key: 'A', capacity }] });

describe('state', () => {
  it.each<[string, History, string[]]>([
    ['everybody is told yes, and one is stored', race(everybody, [stored(0, [], 'before'), stored(1)]), []],
    ['two are stored', race(everybody, [stored(0, [], 'before'), stored(2)]), ['violation double-booking']],
    ['none is stored', race(everybody, [stored(0, [], 'before'), stored(0)]), ['violation lost-booking']],
    ['all are accepted with 202, and one is stored', race(times(4, pending), [stored(0, [], 'before'), stored(1)]), []],
    [
      'all are accepted with 202, and the server still decides',
      race(times(4, pending), [{ ...stored(0), unsettled: true } as ReadBack], { settleMs: 100 }),
      ['doubt lost-booking', 'doubt undecided'],
    ],
    [
      'answers that nobody understands',
      race(
        times(4, () => unrecognised(204)),
        [stored(1)],
      ),
      [],
    ],
    ['refused with a strange status', race([ok(200), ...times(3, () => refused(404))], [stored(1)]), []],
    ['some get no answer', race([ok(200), ok(200), ok(200), unanswered()], [stored(1)]), []],
    ['a third is missing', race(everybody, [stored(2)], ofCapacity(3)), ['violation lost-booking']],
    ['a third is missing, which may be', race(everybody, [stored(2)], ofCapacity(3), false), []],
    [
      'a fourth is too many all the same',
      race(everybody, [stored(4)], ofCapacity(3), false),
      ['violation double-booking'],
    ],
    ['one was there before the race', race(everybody, [stored(1, [], 'before'), stored(3)], ofCapacity(3)), []],
    [
      'nobody was let in',
      race(
        times(4, () => refused(401, '', 'not-authorised')),
        [stored(0)],
      ),
      ['doubt not-authorised'],
    ],
    [
      'one of four was let in, and three should be stored',
      race([ok(200), ...times(3, () => refused(429, '', 'rate-limited'))], [stored(1)], ofCapacity(3)),
      ['doubt lost-booking', 'doubt rate-limited'],
    ],
    [
      'as many were let in as should be stored',
      race([ok(200), ok(200), refused(429, '', 'rate-limited')], [stored(1)], ofCapacity(2)),
      ['violation lost-booking', 'doubt rate-limited'],
    ],
    ['nobody was answered', race(times(4, unanswered), [stored(0)]), ['doubt no-answer']],
    ['everybody was refused in the same way', race(times(4, refused), [stored(0)]), ['doubt request-refused']],
    [
      'everybody was refused in different ways, and none is stored',
      race([refused(400), ...times(3, () => refused(409))], [stored(0)]),
      ['violation lost-booking'],
    ],
    [
      'a 5xx is an error of the server whatever it means',
      race([ok(200), ok(200), ok(200), serverError()], [stored(1)]),
      ['violation server-error'],
    ],
    ['the server says "taken" of one', race(everybody, [says('free', 'before'), says('taken')]), []],
    [
      'the server says "taken" of several',
      race(everybody, [says('free', 'before'), says('taken')], ofCapacity(2)),
      ['doubt read-back-failed'],
    ],
    ['the server could not be asked', race(everybody, []), ['doubt read-back-failed']],
  ])('%s', (_what, ofRace, findings) => {
    expect(said(ofRace).map(([kind]) => kind)).toEqual(findings);
  });

  it('shows what is stored beside what was answered', () => {
    expect(said(race(everybody, [stored(2)]))).toEqual([
      [
        'violation double-booking',
        'seat A: the server holds 2 bookings of it (capacity 1), whatever it answered: 4 requests were answered with 200 (4×)',
        [1],
      ],
    ]);
    expect(said(race(everybody, [stored(0)]))[0]?.[1]).toBe(
      'seat A: the server holds 0 bookings of it, and should hold 1: 4 requests were answered with 200 (4×)',
    );
  });
});
