import { describe, expect, it } from 'vitest';
import type { Amount, Conclusion, History, Plan, ReadBack } from '../../model/index.ts';
import { asking, history, ok, pending, refused, round, ruled, serverError, unanswered } from '../support/histories.ts';
import { said } from '../support/judged.ts';

/** A purse: what was granted never exceeds it, and what is left is the rest. All amounts are exact. */

type Withdrawal = readonly [amount: Amount, conclusion: Conclusion];

const purse = (capacity: Amount): Partial<Plan> => ({
  inventories: [{ key: 'A', capacity: Number(capacity), ...(typeof capacity === 'string' && { amount: capacity }) }],
});
const left = (remaining: string, when: ReadBack['when'] = 'after'): ReadBack => ({
  inventory: 'A',
  when,
  kind: 'read',
  units: 0,
  orderIds: [],
  remaining,
});

function race(capacity: Amount, withdrawals: readonly Withdrawal[], readBacks: readonly ReadBack[] = []): History {
  const plan = ruled({ name: 'balance' }, withdrawals.length, { readBack: readBacks.length > 0, ...purse(capacity) });
  const conclusions = withdrawals.map(([, conclusion]) => conclusion);
  const intents = withdrawals.map(([units]) => ({ units }));
  return history(plan, asking(round(1, 'A', conclusions), intents), readBacks);
}
const full = (capacity: string) => left(capacity, 'before');

describe('balance', () => {
  it.each<[string, History, string[]]>([
    [
      'one of two is refused',
      race(100, [
        [60, ok()],
        [60, refused()],
      ]),
      [],
    ],
    [
      'both are granted',
      race(100, [
        [60, ok()],
        [60, ok(201, 'b')],
      ]),
      ['violation double-booking'],
    ],
    [
      'decimals to the last cent',
      race('0.3', [
        ['0.1', ok()],
        ['0.2', ok(201, 'b')],
        ['0.1', refused()],
      ]),
      [],
    ],
    [
      'a cent too many',
      race('0.3', [
        ['0.1', ok()],
        ['0.21', ok(201, 'b')],
      ]),
      ['violation double-booking'],
    ],
    [
      'a cent that no computer number can hold',
      race('9007199254740993.01', [
        ['9007199254740993.01', ok()],
        ['0.01', ok(201, 'b')],
      ]),
      ['violation double-booking'],
    ],
    [
      'eighteen places',
      race('1.000000000000000001', [
        ['1', ok()],
        ['0.000000000000000001', ok(201, 'b')],
        ['1', refused()],
      ]),
      [],
    ],
    [
      'the rest is what it should be',
      race(
        '100.00',
        [
          ['60.50', ok()],
          ['60.50', refused()],
        ],
        [full('100.00'), left('39.50')],
      ),
      [],
    ],
    [
      'too much is left: a withdrawal is lost',
      race(
        '100.00',
        [
          ['60.50', ok()],
          ['60.50', refused()],
        ],
        [full('100.00'), left('100.00')],
      ),
      ['violation lost-booking'],
    ],
    [
      'too little is left: it was taken twice',
      race(
        '200',
        [
          ['60.50', ok()],
          ['180', refused()],
        ],
        [full('200'), left('79')],
      ),
      ['violation ghost-booking'],
    ],
    [
      'overdrawn, whatever the answers said',
      race(
        100,
        [
          [60, ok()],
          [60, refused()],
        ],
        [full('100'), left('-20')],
      ),
      ['violation double-booking'],
    ],
    [
      'a timeout that took its amount',
      race(
        '100',
        [
          ['60.10', ok()],
          ['30.20', unanswered()],
          ['50', refused()],
        ],
        [full('100'), left('9.70')],
      ),
      ['doubt untold-booking'],
    ],
    [
      'a 500 that took its amount',
      race(
        '100',
        [
          ['60.10', ok()],
          ['30.20', serverError()],
          ['50', refused()],
        ],
        [full('100'), left('9.70')],
      ),
      ['violation untold-booking', 'violation server-error'],
    ],
    [
      'a timeout that took nothing',
      race(
        '100',
        [
          ['60.10', ok()],
          ['30.20', unanswered()],
          ['50', refused()],
        ],
        [full('100'), left('39.90')],
      ),
      [],
    ],
    [
      'a timeout, and nobody asked',
      race('100', [
        ['60', ok()],
        ['60', unanswered()],
      ]),
      ['doubt indeterminate'],
    ],
    [
      'a 202, and nobody asked',
      race('100', [
        ['60', ok()],
        ['60', pending()],
      ]),
      ['doubt undecided'],
    ],
    [
      'some of it was spent before',
      race(
        '100',
        [
          ['40', ok()],
          ['40', refused()],
        ],
        [left('50', 'before'), left('10')],
      ),
      [],
    ],
    [
      'some of it was spent before, and more than the rest was granted',
      race(
        '100',
        [
          ['40', ok()],
          ['40', ok(201, 'b')],
        ],
        [left('50', 'before'), left('10')],
      ),
      ['violation double-booking', 'violation lost-booking'],
    ],
    [
      'everybody wants more than there is',
      race('10', [
        ['20', refused(400)],
        ['20', refused(409)],
      ]),
      [],
    ],
    [
      'nobody gets what is there',
      race('10', [
        ['5', refused(400)],
        ['6', refused(409)],
      ]),
      ['violation no-winner'],
    ],
    [
      'there is enough for everybody',
      race('0.3', [
        ['0.1', ok()],
        ['0.2', ok(201, 'b')],
      ]),
      ['doubt weak-contention'],
    ],
    [
      'the answer grants less than was wanted',
      race('10', [
        ['8', { ...ok(), granted: '5.5' } as Conclusion],
        ['4.5', ok(201, 'b')],
        ['1', refused()],
      ]),
      [],
    ],
  ])('%s', (_what, ofRace, findings) => {
    expect(said(ofRace).map(([kind]) => kind)).toEqual(findings);
  });

  it('calls nothing a ghost that may have been taken before, or by a contender whose attempt is not recorded', () => {
    const taken: Withdrawal[] = [
      ['10', ok()],
      ['95', refused()],
    ];
    const unread: ReadBack = { inventory: 'A', when: 'before', kind: 'unreadable', error: 'status 500' };
    const idsAfter = (first: ReadBack, contenders: number) => {
      const { run, ...rest } = race('100', taken, [first, left('50')]);
      const withPlan = { ...rest, run: { ...run, plan: { ...run.plan, contenders } } };
      return said(withPlan).map(([kind]) => kind);
    };
    expect(idsAfter(full('100'), 2)).toEqual(['violation ghost-booking']);
    expect(idsAfter(unread, 2)).not.toContain('violation ghost-booking');
    expect(idsAfter(full('100'), 3)).not.toContain('violation ghost-booking');
  });

  it('shows amounts as they were written, and as few withdrawals as prove it', () => {
    const withdrawals: Withdrawal[] = [
      ['10.10', ok(201, 'a')],
      ['70.20', ok(201, 'b')],
      ['40.00', ok(201, 'c')],
    ];
    expect(said(race('100.00', withdrawals, [full('100.00'), left('-20.30')]))).toEqual([
      [
        'violation double-booking',
        'seat A held 100.00: 3 contenders were granted 120.30 in all; the server says that -20.30 is left',
        [2, 3],
      ],
    ]);
    expect(
      said(
        race(
          '100.00',
          [
            ['10.10', ok()],
            ['99', refused()],
          ],
          [full('100.00'), left('95.00')],
        ),
      )[0]?.[1],
    ).toBe('seat A: 95.00 is left by the server, but 10.10 was acknowledged, so it should be 89.90');
    expect(
      said(
        race(
          '100.00',
          [
            ['10.10', ok()],
            ['99', refused()],
          ],
          [full('100.00'), left('79.80')],
        ),
      )[0]?.[1],
    ).toBe('seat A: 79.80 is left by the server, but it should be 89.90: only 10.10 can have been taken');
  });
});
