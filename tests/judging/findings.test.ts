import { describe, expect, it } from 'vitest';
import type { Attempt, Conclusion, History, Plan, ReadBack } from '../../model/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';
import {
  history,
  nameless,
  ok,
  plan,
  problem,
  refused,
  round,
  serverError,
  stored,
  times,
  unanswered,
} from '../support/histories.ts';
import { idsOf } from '../support/judged.ts';

/** The findings word by word, and the limits: what is allowed at the limit, and what is not beyond it. */

/** Id, round and message of each finding, and the VUs of the witness. */
const said = (race: History) =>
  judge(race).map(({ id, severity, round: number, inventory, message, witness }) => [
    `${severity} ${id}${number === undefined ? '' : ` in round ${number} on ${inventory}`}`,
    message,
    witness.map(({ vu }) => vu),
  ]);

const one = (conclusions: readonly Conclusion[], overrides: Partial<Plan> = {}, readBacks: readonly ReadBack[] = []) =>
  history(
    plan({ contenders: conclusions.length, readBack: readBacks.length > 0, ...overrides }),
    round(1, 'A', conclusions),
    readBacks,
  );
const ofCapacity = (capacity: number, overrides: Partial<Plan> = {}): Partial<Plan> => ({
  inventories: [{ key: 'A', capacity }],
  ...overrides,
});
const limits = (changed: Partial<Plan['limits']>): Partial<Plan> => ({ limits: { ...plan().limits, ...changed } });
const changed = (race: History, change: (attempt: Attempt, index: number) => Attempt): History => ({
  ...race,
  attempts: race.attempts.map(change),
});
const unclear = (cause: 'unrecognised' | 'ambiguous', message: string): Conclusion => ({
  outcome: 'info',
  cause,
  message,
  answer: { kind: 'answered', status: 200, body: '', bodyBytes: 0 },
});
const unreleased = ({ releasedAtMs: _, ...attempt }: Attempt): Attempt => attempt;
const unauthorised = (status = 401) => refused(status, 'no', 'not-authorised');
const twoSeats = plan({
  inventories: [
    { key: 'A', capacity: 1 },
    { key: 'B', capacity: 1 },
  ],
});
const fine = [ok(), ...times(3, refused)];

describe('the message, and the witness', () => {
  it.each<[History, (string | number[])[][]]>([
    [
      one([refused(), ok(201, 'a'), ok(201, 'b'), refused()]),
      [
        [
          'violation double-booking in round 1 on A',
          'seat A (capacity 1) was sold more than once: 2 contenders were told that they booked it',
          [2, 3],
        ],
      ],
    ],
    [
      one([ok(201, 'a'), ...times(3, refused)], {}, [stored(2, ['a', 'b'])]),
      [
        [
          'violation double-booking in round 1 on A',
          'seat A (capacity 1) was sold more than once: 1 contender was told that they booked it; the server holds 2 bookings of it',
          [1],
        ],
      ],
    ],
    [
      one([ok(201, 'a'), nameless(), refused()], ofCapacity(2), [stored(0)]),
      [
        [
          'violation lost-booking in round 1 on A',
          'seat A: 2 bookings were acknowledged, but the server does not have 2 of them',
          [1, 2],
        ],
      ],
    ],
    [
      one(times(2, refused), {}, [stored(1, ['x'])]),
      [
        [
          'violation ghost-booking in round 1 on A',
          'seat A: the server holds 1 booking (x), but at most 0 of the attempts can have made one',
          [1],
        ],
      ],
    ],
    [
      one([ok(), refused(), refused()], ofCapacity(3), [stored(3, ['x', 'y', 'order-1'])]),
      [
        [
          'violation ghost-booking in round 1 on A',
          'seat A: the server holds 3 bookings (x, y, order-1), but at most 1 of the attempts can have made one',
          [1],
        ],
      ],
    ],
    [
      one(times(2, refused), {}, [stored(1)]),
      [
        [
          'violation ghost-booking in round 1 on A',
          'seat A: the server holds 1 booking, but at most 0 of the attempts can have made one',
          [1],
        ],
      ],
    ],
    [
      one([refused(), refused(409)]),
      [['violation no-winner in round 1 on A', 'nobody got seat A: each of 2 attempts was refused', [1]]],
    ],
    [
      one([unanswered(), refused(), refused(409)], {}, [stored(0)]),
      [
        [
          'violation no-winner in round 1 on A',
          'nobody got seat A: each of 3 attempts was refused or left without an answer, and the server says it is free',
          [1],
        ],
      ],
    ],
    [
      one(times(2, refused)),
      [
        [
          'doubt request-refused',
          '2 attempts were refused, all in the same way, so your request may be wrong: 400 {"message":"Seat validation failed"}',
          [1],
        ],
      ],
    ],
    [
      one([unanswered(), unanswered('reset')], {}, [stored(0)]),
      [
        [
          'doubt no-answer',
          'nobody got an answer in 1 round of 1: 2 attempts ended with timeout (1×), reset (1×)',
          [1, 2],
        ],
        [
          'doubt weak-contention in round 1 on A',
          'seat A was not fought over as planned: at most 1, not counting those that may never have arrived or were not understood, were in flight at once; required: 2',
          [1, 2],
        ],
      ],
    ],
    [
      one([unclear('unrecognised', 'empty basket'), unclear('ambiguous', 'sold'), refused()], {}, [stored(0)]),
      [
        [
          'doubt unrecognised in round 1 on A',
          'seat A: nobody got it, and 2 answers were not recognised: 1 × 200 empty basket · 1 × 200 sold',
          [1, 2],
        ],
        [
          'doubt blind-suite',
          'no answer counts as a success: 1 answer (200) fits outcome.success and outcome.refusal, so `outcome.refusal` accepts what it should not',
          [2],
        ],
      ],
    ],
    [
      one([ok(), refused()], ofCapacity(2)),
      [['violation unsold in round 1 on A', 'seat A: 1 unit of 2 stayed unsold, while 1 contender was refused', [2]]],
    ],
    [
      one([ok(), refused(), refused()], ofCapacity(3)),
      [
        [
          'violation unsold in round 1 on A',
          'seat A: 2 units of 3 stayed unsold, while 2 contenders were refused',
          [2],
        ],
      ],
    ],
    [
      one([ok(), refused(404), refused(404), refused(422), refused()]),
      [
        [
          'violation wrong-rejection in round 1 on A',
          'seat A: 3 losers got 404 (2×), 422 (1×); a refusal is 400, 409, 423',
          [2, 4],
        ],
      ],
    ],
    [
      one([ok(), serverError(), serverError(), serverError(503)], {}, [stored(1, ['order-1'])]),
      [['violation server-error', '3 answers 5xx: 500 (2×), 503 (1×); allowed: 0', [2, 4]]],
    ],
    [
      one([ok(), refused(), unanswered(), unanswered(), unanswered('reset')]),
      [
        [
          'doubt indeterminate in round 1 on A',
          'seat A: 3 attempts may or may not have booked it: timeout (2×), reset (1×)',
          [3],
        ],
      ],
    ],
    [
      one([ok(), refused(), unanswered('unreachable')]),
      [['doubt indeterminate in round 1 on A', 'seat A: 1 attempt never reached the server', [3]]],
    ],
    [
      one([ok(), refused(), unanswered('unreachable'), unanswered('reset')]),
      [
        [
          'doubt indeterminate in round 1 on A',
          'seat A: 2 attempts may or may not have booked it: unreachable (1×), reset (1×)',
          [3],
        ],
      ],
    ],
    [
      one([], { contenders: 2 }, [stored(1, [], 'before')]),
      [
        [
          'doubt already-taken in round 1 on A',
          'seat A was taken before the race began, so nobody went for it: reset it, or leave it out. If nothing of it is sold, the read-back may be counting what is left',
          [],
        ],
      ],
    ],
    [
      one([ok(), unauthorised(), unauthorised(), unauthorised(403), refused()]),
      [
        [
          'doubt not-authorised',
          '3 attempts got 401 or 403: these contenders did not compete (token missing, expired or not allowed)',
          [2, 4],
        ],
      ],
    ],
    [
      one([ok(), refused(429, '', 'rate-limited'), refused(), refused()]),
      [
        [
          'doubt rate-limited',
          '1 attempt got 429: these contenders did not compete (a rate limit stands in front)',
          [2],
        ],
      ],
    ],
    [
      one(fine, { readBack: true }),
      [['doubt read-back-failed', 'the server could not be asked who owns 1 of 1 seat: it was never asked', []]],
    ],
    [
      history(
        { ...twoSeats, readBack: true },
        [...round(1, 'A', fine), ...round(2, 'B', fine)],
        [stored(1, ['order-1']), { inventory: 'B', when: 'after', kind: 'unreadable', error: 'status 500' }],
      ),
      [['doubt read-back-failed', 'the server could not be asked who owns 1 of 2 seats: status 500', []]],
    ],
    [
      history(twoSeats, [...round(1, 'A', fine), ...round(2, 'B', fine).slice(0, 3)]),
      [
        [
          'doubt weak-contention in round 2 on B',
          'seat B was not fought over as planned: 3 of 4 contenders were released',
          [1, 3],
        ],
        ['doubt incomplete', '7 of 8 planned attempts were made', []],
      ],
    ],
    [
      history(plan({ contenders: 2000 }), round(1, 'A', [ok(), ...times(1598, refused)])),
      [
        [
          'doubt weak-contention in round 1 on A',
          'seat A was not fought over as planned: 1,599 of 2,000 contenders were released',
          [1, 1599],
        ],
        ['doubt incomplete', '1,599 of 2,000 planned attempts were made', []],
      ],
    ],
    [
      { ...history(plan(), []), problems: [problem('sign-in refused'), problem('and again')] },
      [['doubt incomplete', 'not one attempt was made; sign-in refused; and again', []]],
    ],
    [
      { ...one(fine), end: { type: 'end', endedAt: '', atMs: 1, reason: 'interrupted' } },
      [['doubt incomplete', 'the run was interrupted', []]],
    ],
  ])('%#', (race, findings) => {
    expect(said(race)).toEqual(findings);
  });

  it('of a run that was cut off', () => {
    const { end: _, ...cutOff } = one(fine);
    expect(said(cutOff)).toEqual([['doubt incomplete', 'the run was cut off before its end', []]]);
  });

  it('of answers that are slow: the slowest', () => {
    const late = changed(one(fine), (attempt, index) =>
      index === 1 || index === 2
        ? { ...attempt, completedAtMs: (attempt.releasedAtMs ?? 0) + 2000.4 + index }
        : attempt,
    );
    expect(said(late)).toEqual([['violation slow', '95 % of the answers took up to 2002 ms; allowed: 2000 ms', [3]]]);
  });

  it('of a bug in the judging, in a checker and before them', () => {
    const crash = () => {
      throw 'no error, but a string';
    };
    const [finding] = judge(one(fine), [crash]);
    expect(finding).toEqual({
      id: 'checker-crashed',
      severity: 'doubt',
      message: 'an error in the judging itself (crash): no error, but a string',
      witness: [],
    });
    const [other] = judge({ ...one(fine), readBacks: undefined as never });
    expect(other?.message).toMatch(/^an error in the judging itself \(the arrangement of the evidence\): Cannot read /);
  });
});

describe('a round that was no race', () => {
  const ten = (inFlight: number, overrides: Partial<Plan> = {}) =>
    changed(one([ok(), ...times(9, refused)], { ...overrides }), (attempt, index) => ({
      ...attempt,
      releasedAtMs: index,
      // The first few are in flight together; each of the rest is answered before the next is let go.
      completedAtMs: index < inFlight ? inFlight - 0.5 : index + 0.5,
    }));

  it('has less than the required share in flight at once', () => {
    expect(said(ten(5))).toEqual([]);
    expect(said(ten(4))).toEqual([
      [
        'doubt weak-contention in round 1 on A',
        'seat A was not fought over as planned: at most 4 were in flight at once; required: 5',
        [1, 10],
      ],
    ]);
  });

  it('has one after the other, however little is required', () => {
    expect(idsOf(ten(2, limits({ overlap: 0 })))).toEqual([]);
    expect(said(ten(1, limits({ overlap: 0, spreadMs: 1 })))).toEqual([
      [
        'doubt weak-contention in round 1 on A',
        'seat A was not fought over as planned: they were released over 9.0 ms; allowed: 1 ms; at most 1 were in flight at once; required: 2',
        [1, 10],
      ],
    ]);
  });

  it('was released over more time than allowed', () => {
    expect(said(ten(10, limits({ spreadMs: 9 })))).toEqual([]);
    expect(said(ten(10, limits({ spreadMs: 8.9 })))).toEqual([
      [
        'doubt weak-contention in round 1 on A',
        'seat A was not fought over as planned: they were released over 9.0 ms; allowed: 8.9 ms',
        [1, 10],
      ],
    ]);
  });

  it('has the first and the last released contender as the witness, as far as there are any', () => {
    const witnesses = (released: number) =>
      judge(changed(one(fine), (attempt, index) => (index < released ? attempt : unreleased(attempt))))
        .filter(({ id }) => id === 'weak-contention')
        .map(({ witness }) => witness.map(({ vu }) => vu));
    expect([0, 1, 3].map(witnesses)).toEqual([[[]], [[1]], [[1, 3]]]);
  });

  it('is not called weak if fewer than two were let in: there is another finding for that', () => {
    const turnedAway = changed(one([ok(), unauthorised()]), (attempt) =>
      attempt.outcome === 'ok' ? attempt : unreleased(attempt),
    );
    expect(idsOf(turnedAway)).toEqual(['not-authorised']);
  });
});

describe('an inventory that was taken before', () => {
  const before = [stored(1, [], 'before')];
  const planned = { ...twoSeats, readBack: true };
  const after: ReadBack = { inventory: 'B', when: 'after', kind: 'read', units: 1, orderIds: ['order-1'] };

  it('is judged like any other if somebody went for it', () => {
    expect(idsOf(one(fine, {}, [...before, stored(1, ['order-1'])]))).toEqual(['double-booking', 'lost-booking']);
  });

  it('hides nothing about the others', () => {
    const three = round(2, 'B', fine).slice(0, 3);
    expect(idsOf(history(planned, three, [...before, after]))).toEqual([
      'already-taken',
      'weak-contention',
      'incomplete',
    ]);
    expect(idsOf(history(planned, round(2, 'B', fine), [...before, after]))).toEqual(['already-taken']);
  });

  it('does not excuse a run that did not finish', () => {
    const { end, ...cutOff } = history(plan({ readBack: true }), [], before);
    expect(idsOf(cutOff)).toEqual(['already-taken', 'incomplete']);
    expect(idsOf({ ...cutOff, ...(end && { end: { ...end, reason: 'interrupted' } }) })).toEqual([
      'already-taken',
      'incomplete',
    ]);
  });

  it('is not assumed if nothing was planned and nobody came', () => {
    expect(idsOf(history(plan({ inventories: [] }), []))).toEqual(['incomplete']);
  });
});

describe('at the edge', () => {
  it('a booking without an order id is not missing among the ids that the server names', () => {
    expect(idsOf(one([nameless(), refused()], {}, [stored(1, ['x'])]))).toEqual([]);
  });

  it('a lost booking is the one whose id is missing, and not just the last', () => {
    const lost = one([ok(201, 'a'), ok(201, 'b'), refused()], ofCapacity(2), [stored(1, ['b'])]);
    expect(said(lost)).toEqual([
      [
        'violation lost-booking in round 1 on A',
        'seat A: the order a was acknowledged, but the server does not have it',
        [1],
      ],
    ]);
  });

  it('`no-winner` is not reported if some contenders were not let in', () => {
    expect(idsOf(one([unauthorised(), ...times(3, refused)]))).toEqual(['not-authorised']);
  });

  it('a refusal that the read-back decided has no wrong status: the answer was 202', () => {
    const race = one([ok(), refused(202), refused()]);
    expect(idsOf(race)).toEqual(['wrong-rejection']);
    const settled = changed(race, (attempt, index) => (index === 1 ? { ...attempt, settledBy: 'read-back' } : attempt));
    expect(idsOf(settled)).toEqual([]);
  });

  it('a refusal that the suite knows by more than its status has no wrong status', () => {
    const race = one([ok(), refused(404), refused(500)]);
    expect(idsOf(race)).toEqual(['wrong-rejection']);
    const declared = changed(race, (attempt) =>
      attempt.outcome === 'fail' ? { ...attempt, declared: true } : attempt,
    );
    expect(idsOf(declared)).toEqual([]);
  });

  it('a refusal whose body is lost is one of its status: the suite names it, or not', () => {
    const cut = (status: number): Conclusion => {
      const conclusion = refused(status);
      return { ...conclusion, answer: { ...conclusion.answer, bodyLost: 'more than 1 MiB' } } as Conclusion;
    };
    expect(idsOf(one([ok(), cut(409), refused()]))).toEqual([]);
    expect(idsOf(one([ok(), cut(404), refused()]))).toEqual(['wrong-rejection']);
    expect(idsOf(one([ok(), cut(404), refused(404)], limits({ rejections: [404] })))).toEqual([]);
  });

  it('neither a 5xx that counts as a refusal nor an unreadable answer is a server error', () => {
    expect(idsOf(one([ok(), refused(503), refused()], limits({ rejections: ['400-599'] })))).toEqual([]);
    const unreadable: Conclusion = {
      outcome: 'info',
      cause: 'unreadable',
      answer: { kind: 'answered', status: 200, body: '', bodyBytes: 0 },
    };
    expect(idsOf(one([ok(), unreadable, refused()]))).toEqual(['indeterminate']);
  });

  it('a 95th percentile at the limit is allowed', () => {
    const at = (ms: number) =>
      changed(one(fine), (attempt, index) => ({
        ...attempt,
        releasedAtMs: index / 10,
        completedAtMs: index / 10 + ms,
      }));
    expect(idsOf(at(2000))).toEqual([]);
    expect(idsOf(at(2001))).toEqual(['slow']);
  });

  it('attempts that the end of the run cut short hide no slow answers', () => {
    const cut = one([ok(), ...times(19, refused), ...times(20, () => unanswered('aborted', 'the run was stopped'))]);
    const late = changed(cut, (attempt, index) =>
      index === 0 || index === 1 ? { ...attempt, completedAtMs: attempt.completedAtMs + 3000 } : attempt,
    );
    expect(idsOf(late)).toEqual(['slow', 'indeterminate']);
  });

  it('units of a pool are unsold only if even all possible bookings leave some', () => {
    const pool = (conclusions: readonly Conclusion[], readBacks: readonly ReadBack[] = []) =>
      idsOf(one(conclusions, ofCapacity(4), readBacks));
    const limited = refused(429, '', 'rate-limited');
    expect(pool([ok(201, 'a'), limited, limited])).toEqual(['rate-limited']);
    expect(pool([...times(4, refused), refused(409)])).toEqual(['no-winner']);
    expect(pool([ok(201, 'a'), unanswered(), unanswered(), refused()])).toEqual(['unsold', 'indeterminate']);
    expect(pool([ok(201, 'a'), ...times(3, unanswered), refused()])).toEqual(['indeterminate']);
    expect(pool([ok(201, 'a'), ...times(3, unanswered), refused()], [stored(4)])).toEqual(['untold-booking']);
    expect(pool([ok(201, 'a'), ...times(3, unanswered), refused()], [stored(1, ['a'])])).toEqual(['unsold']);
    expect(pool([ok(201, 'a'), refused(), refused()], [stored(1, [], 'before'), stored(2, ['x', 'a'])])).toEqual([
      'unsold',
    ]);
  });
});
