import { describe, expect, it } from 'vitest';
import type { Conclusion, History, Plan, ReadBack } from '../../model/index.ts';
import {
  asking,
  history,
  ok,
  pending,
  refused,
  round,
  ruled,
  serverError,
  stored,
  unanswered,
} from '../support/histories.ts';
import { said } from '../support/judged.ts';

/** An order is paid or cancelled, never both. */

type Try = readonly [operation: string, conclusion: Conclusion];

function race(tries: readonly Try[], readBacks: readonly ReadBack[] = [], overrides: Partial<Plan> = {}): History {
  const rule = { name: 'exclusive', operations: ['pay', 'cancel'] } as const;
  const plan = ruled(rule, tries.length, { readBack: readBacks.length > 0, ...overrides });
  const conclusions = tries.map(([, conclusion]) => conclusion);
  const intents = tries.map(([operation]) => ({ operation }));
  return history(plan, asking(round(1, 'A', conclusions), intents), readBacks);
}
const holds = (...operations: string[]): ReadBack => ({
  inventory: 'A',
  when: 'after',
  kind: 'read',
  units: operations.length,
  orderIds: [],
  holds: operations,
});
const open: ReadBack = { ...holds(), when: 'before' };

describe('exclusive', () => {
  it.each<[string, History, string[]]>([
    [
      'paid, and not cancelled',
      race([
        ['pay', ok()],
        ['cancel', refused()],
      ]),
      [],
    ],
    [
      'paid and cancelled',
      race([
        ['pay', ok()],
        ['cancel', ok(200)],
      ]),
      ['violation exclusive-broken'],
    ],
    [
      'paid twice, which is allowed',
      race([
        ['pay', ok()],
        ['pay', ok()],
        ['cancel', refused()],
      ]),
      [],
    ],
    [
      'it is stored as it was answered',
      race(
        [
          ['pay', ok()],
          ['cancel', refused()],
        ],
        [open, holds('pay')],
      ),
      [],
    ],
    [
      'the other one is stored',
      race(
        [
          ['pay', ok()],
          ['cancel', refused()],
        ],
        [open, holds('cancel')],
      ),
      ['violation exclusive-broken'],
    ],
    [
      'nothing is stored',
      race(
        [
          ['pay', ok()],
          ['cancel', refused()],
        ],
        [open, holds()],
      ),
      ['violation exclusive-broken'],
    ],
    [
      'both are stored',
      race(
        [
          ['pay', ok()],
          ['cancel', refused()],
        ],
        [open, holds('pay', 'cancel')],
      ),
      ['violation exclusive-broken'],
    ],
    [
      'a refused one is stored',
      race(
        [
          ['pay', refused(400)],
          ['cancel', refused(409)],
        ],
        [open, holds('pay')],
      ),
      ['violation exclusive-broken'],
    ],
    [
      'neither happens',
      race(
        [
          ['pay', refused(400)],
          ['cancel', refused(409)],
        ],
        [open, holds()],
      ),
      ['violation no-winner'],
    ],
    [
      'nobody knows about the other',
      race([
        ['pay', ok()],
        ['cancel', unanswered()],
      ]),
      ['doubt indeterminate'],
    ],
    [
      'the server says that the other did not happen',
      race(
        [
          ['pay', ok()],
          ['cancel', unanswered()],
        ],
        [open, holds('pay')],
      ),
      [],
    ],
    [
      'a timeout happened',
      race(
        [
          ['pay', unanswered()],
          ['cancel', refused()],
        ],
        [open, holds('pay')],
      ),
      ['doubt untold-booking'],
    ],
    [
      'a 500 happened',
      race(
        [
          ['pay', serverError()],
          ['cancel', refused()],
        ],
        [open, holds('pay')],
      ),
      ['violation untold-booking', 'violation server-error'],
    ],
    [
      'a 202, and nobody asked',
      race([
        ['pay', ok()],
        ['cancel', pending()],
      ]),
      ['doubt undecided'],
    ],
    [
      'a 202 that the read-back decides',
      race(
        [
          ['pay', pending()],
          ['cancel', pending()],
        ],
        [open, holds('cancel')],
        { settleMs: 100 },
      ),
      [],
    ],
    [
      'a 202 that the read-back decides otherwise than was answered',
      race(
        [
          ['pay', ok()],
          ['cancel', pending()],
        ],
        [open, holds('cancel')],
        { settleMs: 100 },
      ),
      ['violation exclusive-broken'],
    ],
    [
      'everybody does the same',
      race([
        ['pay', ok()],
        ['pay', refused()],
      ]),
      ['doubt weak-contention'],
    ],
    [
      'a read-back that does not say what happened proves nothing',
      race(
        [
          ['pay', ok()],
          ['cancel', refused()],
        ],
        [stored(0, [], 'before'), stored(7)],
      ),
      [],
    ],
  ])('%s', (_what, ofRace, findings) => {
    expect(said(ofRace).map(([kind]) => kind)).toEqual(findings);
  });

  it('names both operations, with one answer for each as the proof', () => {
    const both = race(
      [
        ['cancel', ok(200, 'c')],
        ['pay', ok(201, 'p')],
        ['pay', ok(201, 'p')],
      ],
      [open, holds('pay', 'cancel')],
    );
    expect(said(both)).toEqual([
      [
        'violation exclusive-broken',
        'seat A: cancel and pay both succeeded: VU 1 cancel (200, order c), VU 2 pay (201, order p); the server says: pay and cancel',
        [1, 2],
      ],
    ]);
    expect(
      said(
        race(
          [
            ['pay', ok()],
            ['cancel', refused()],
          ],
          [open, holds()],
        ),
      )[0]?.[1],
    ).toBe('seat A: VU 1 was granted pay (201, order order-1), but the server says: nothing happened');
  });

  it('does not blame a refused operation for what was there before, or for a missing attempt', () => {
    const tries: Try[] = [
      ['pay', refused(400)],
      ['cancel', refused(409)],
    ];
    const kindsOf = (before: ReadBack, contenders: number) => {
      const { run, ...rest } = race(tries, [before, holds('pay')]);
      return said({ ...rest, run: { ...run, plan: { ...run.plan, contenders } } }).map(([kind]) => kind);
    };
    expect(kindsOf(open, 2)).toEqual(['violation exclusive-broken']);
    expect(kindsOf({ ...holds('pay'), when: 'before' }, 2)).not.toContain('violation exclusive-broken');
    expect(kindsOf(open, 3)).not.toContain('violation exclusive-broken');
  });

  it('is not raced for what has happened already', () => {
    const before: ReadBack = { ...holds('cancel'), when: 'before' };
    expect(
      said(history(ruled({ name: 'exclusive', operations: ['pay', 'cancel'] }, 2, { readBack: true }), [], [before])),
    ).toEqual([
      [
        'doubt already-taken',
        'seat A was taken before the race began, so nobody went for it: reset it, or leave it out',
        [],
      ],
    ]);
  });
});
