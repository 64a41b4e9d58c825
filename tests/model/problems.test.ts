import { describe, expect, it } from 'vitest';
import { describeProblem, problemsIn } from '../../model/index.ts';

const refused = (vu: number, answer: string, ended: 'before the race' | 'during the race' = 'before the race') =>
  ({ type: 'problem', reason: 'Failed capture or match', step: 'POST /login', vu, answer, ended }) as const;

describe('problems', () => {
  it.each([
    [[refused(3, '401 {"error":"unknown"}')], ['VU 3 ended before the race: POST /login → 401 {"error":"unknown"}']],
    [
      [refused(3, '401 {"id":1}'), refused(4, '401 {"id":2}'), refused(7, '429 slow down', 'during the race')],
      [
        'VU 3 ended before the race: POST /login → 401 {"id":1} (2 virtual users: VU 3, 4)',
        'VU 7 ended during the race: POST /login → 429 slow down',
      ],
    ],
    [
      [1, 2, 3, 4, 5].map((vu) => refused(vu, '503')),
      ['VU 1 ended before the race: POST /login → 503 (5 virtual users: VU 1, 2, 3 and 2 more)'],
    ],
    [
      [{ type: 'problem', reason: 'no token', step: 'signIn', vu: 2, ended: 'before the race' } as const],
      ['VU 2 ended before the race: signIn: no token'],
    ],
    [
      [
        { type: 'problem', reason: 'no token', step: 'POST /login', vu: 2 } as const,
        { type: 'problem', message: 'old' } as const,
      ],
      ['POST /login: no token', 'old'],
    ],
  ])('are one for each step, status and time, in words', (records, described) => {
    expect(problemsIn(records).map(describeProblem)).toEqual(described);
  });
});
