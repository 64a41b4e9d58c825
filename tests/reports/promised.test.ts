import { describe, expect, it } from 'vitest';
import type { Attempt } from '../../model/index.ts';
import { promisedUnits } from '../../reports/promised.ts';
import { asking, nameless, ok, operation, refused, round, unanswered } from '../support/histories.ts';

const granted = (units: number) => ({ ...ok(), granted: units }) as ReturnType<typeof ok>;

describe('the units that were promised', () => {
  it.each<[string, Parameters<typeof promisedUnits>[1]['successes'], readonly Attempt[], number]>([
    ['count successes, and nothing else', 'add up', round(1, 'A', [ok(), refused(), unanswered()]), 1],
    ['count units', 'add up', asking(round(1, 'A', [ok(), ok()]), [{ units: 3 }, {}]), 4],
    ['count what the answer grants', 'add up', asking(round(1, 'A', [granted(2)]), [{ units: 3 }]), 2],
    [
      'count parts',
      'own parts',
      asking(round(1, 'A', [ok(), refused()]), [{ parts: ['a', 'b'] }, { parts: ['c'] }]),
      2,
    ],
    [
      'count the parts of a half-filled order',
      'own parts',
      asking(round(1, 'A', [granted(1)]), [{ parts: ['a', 'b'] }]),
      1,
    ],
    ['count an order once, however often it is told', 'repeat', round(1, 'A', [ok(), ok(), ok(201, 'other')]), 2],
    [
      'count a nameless order once for each key',
      'repeat',
      asking(round(1, 'A', [nameless(), nameless(), nameless()]), [
        { idempotencyKey: 'k' },
        { idempotencyKey: 'k' },
        { idempotencyKey: 'l' },
      ]),
      2,
    ],
    ['count no hold', 'take turns', [operation(1, 'hold', ok(), [0, 10])], 0],
    [
      'count a person once who holds and confirms',
      'take turns',
      [operation(1, 'hold', ok(), [0, 10]), operation(1, 'confirm', ok(), [20, 30], 2)],
      1,
    ],
    [
      'count the new owner, and not the one who cancelled',
      'take turns',
      [
        operation(1, 'book', ok(), [0, 10]),
        operation(1, 'cancel', ok(), [20, 30], 2),
        operation(2, 'book', ok(), [25, 35], 2),
      ],
      1,
    ],
    ['count two owners', 'take turns', [operation(1, 'book', ok(), [0, 10]), operation(2, 'book', ok(), [0, 11])], 2],
  ])('%s', (_, successes, attempts, expected) => {
    expect(promisedUnits(attempts, { successes })).toBe(expected);
  });
});
