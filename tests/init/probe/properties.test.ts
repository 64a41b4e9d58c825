import fc from 'fast-check';
import { expect, it } from 'vitest';
import { outcome as schema } from '../../../plugin/src/config/outcome.ts';
import type { Evidence } from '../../../plugin/src/init/probe/evidence.ts';
import { learn } from '../../../plugin/src/init/probe/learn.ts';
import { isUnlearnt, type Learnt } from '../../../plugin/src/init/probe/learnt.ts';
import { type OutcomeRules, outcomeReader, type WireReply } from '../../../plugin/src/recording/index.ts';
import { printable } from '../../../reports/index.ts';
import { reply } from '../../recording/replies.ts';

/** How the product reads an answer under the outcome that was learnt. */
function readAs(learnt: Learnt, answer: WireReply): string {
  const { success, refusal = { status: ['400-499'] }, ...rest } = schema.parse(learnt.outcome);
  return outcomeReader({ ...rest, success, refusal } as OutcomeRules)(answer, { headers: {} }).outcome;
}

const learnFrom = (first: WireReply, second: WireReply, seat = 'C-14', users = ['anna', 'bert']) => {
  const [a, b] = users;
  const evidence: Evidence = {
    seat,
    sent: users,
    first: { reply: first, user: a },
    second: { reply: second, user: b },
  };
  return learn(evidence, printable);
};

const name = fc.constantFrom(
  'id',
  'status',
  'error',
  'message',
  'success',
  'order',
  'data',
  'code',
  'ref',
  'x y',
  'C-14',
);
const scalar = fc.oneof(
  fc.boolean(),
  fc.constant(null),
  fc.integer({ min: 0, max: 99 }),
  fc.constantFrom(
    '',
    'C-14',
    'anna',
    'booked',
    'sold',
    'Seat C-14 is sold',
    'Thank you, bert',
    'o-17',
    '/x/',
    '2026-11-30',
  ),
  fc.string(),
);
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(name, tie('json'), { maxKeys: 4 }),
  ),
}));
const body = fc.oneof(
  json.map((value) => JSON.stringify(value)),
  fc.constantFrom('', 'OK', 'Sorry, sold', '<!doctype html><p>Thank you</p>', '<html><p>C-14 is sold</p>', '{"cut'),
  fc.string(),
);
const place = fc.constantFrom(
  '/orders/17',
  '/orders/18',
  '/seats/C-14?error=sold',
  '/',
  'https://a.example/o?id=17',
  '',
);
const answer = fc
  .tuple(fc.constantFrom(200, 200, 200, 201, 204, 302, 303, 400, 409, 422), body, place)
  .map(([status, text, location]) =>
    reply(status, text, {
      ...(status >= 300 && status < 400 && { location }),
      ...(text.startsWith('{') && { 'content-type': 'application/json' }),
    }),
  );

/** Milliseconds: hundreds of pairs take long where others use the processor. */
const SLOW = 60_000;

it(
  'calls the first answer a success and the second a refusal, or learns nothing',
  () => {
    fc.assert(
      fc.property(answer, answer, (first, second) => {
        const learnt = learnFrom(first, second);
        if (isUnlearnt(learnt)) return learnt.message !== '';
        expect([readAs(learnt, first), readAs(learnt, second)]).toEqual(['ok', 'fail']);
        expect(learnt.notes.length).toBeLessThanOrEqual(5);
        return learnt.notes.every((note) => !/[\r\n]/.test(note));
      }),
      { numRuns: 300 },
    );
  },
  SLOW,
);

interface Facts {
  readonly seat: string;
  readonly user: string;
  readonly id: string;
  readonly at: string;
}
type Dialect = readonly [name: string, success: (facts: Facts) => WireReply, refusal: (facts: Facts) => WireReply];
const page = (text: string) => `<!doctype html><html><head><title>Shop</title></head><body>${text}</body></html>`;

const DIALECTS: readonly Dialect[] = [
  ['status', ({ id }) => reply(201, { id }), ({ seat }) => reply(409, { message: `${seat} is sold` })],
  [
    'flag',
    ({ id, at, user }) => reply(200, { ok: true, ticket: { id, at, user } }),
    ({ seat, at }) => reply(200, { ok: false, msg: `sold: ${seat}`, at }),
  ],
  [
    'error',
    ({ id, seat }) => reply(200, { id, seat }),
    ({ seat, at }) => reply(200, { error: { code: 'SOLD', message: `${seat} is sold`, timestamp: at } }),
  ],
  [
    'GraphQL',
    ({ id }) => reply(200, { data: { book: { id } } }),
    () => reply(200, { data: { book: null }, errors: [{ message: 'sold', path: ['book'] }] }),
  ],
  [
    'state',
    ({ id, seat, user, at }) => reply(200, { id, seat, user, status: 'CONFIRMED', at }),
    ({ id, seat, user, at }) => reply(200, { id, seat, user, status: 'REJECTED', at }),
  ],
  ['code', ({ id }) => reply(200, { code: 0, data: { orderNo: id } }), () => reply(200, { code: 4091, data: null })],
  [
    'message',
    ({ seat, user }) => reply(200, { message: `${user} booked ${seat}` }),
    ({ seat, user }) => reply(200, { message: `${user}: ${seat} is already taken` }),
  ],
  [
    'redirect',
    ({ id }) => reply(302, '', { location: `/bookings/${id}` }),
    ({ seat }) => reply(302, '', { location: `/seats/${encodeURIComponent(seat)}?error=taken` }),
  ],
  [
    'query of a redirect',
    ({ id, seat }) => reply(303, '', { location: `https://shop.example/done?order=${id}&seat=${seat}` }),
    ({ seat }) => reply(303, '', { location: `https://shop.example/seats/${seat}/sold` }),
  ],
  [
    'page',
    ({ id, seat, user }) => reply(200, page(`<h1>Thank you, ${user}!</h1><p>Booking no. ${id}: ${seat}</p>`)),
    ({ seat, user }) => reply(200, page(`<p>Sorry ${user}, ${seat} is already taken</p>`)),
  ],
  ['words', ({ id }) => reply(200, `OK ${id}`), ({ seat }) => reply(200, `SOLD OUT ${seat}`)],
];

const digits = fc.integer({ min: 100, max: 999_999 });
const word = fc.constantFrom('ann', 'bob', 'carla', 'dmitri', 'eve', 'frank');
const kinds = [digits.map(String), digits.map((n) => `ord_${n}`), fc.uuid()];
/** Orders of one kind: a server has one. */
const factsWith = (id: fc.Arbitrary<string>) =>
  fc
    .tuple(
      fc.oneof(
        digits.map(String),
        digits.map((n) => `C-${n}`),
        fc.uuid(),
      ),
      word,
      id,
      fc
        .date({ min: new Date('2026-01-01'), max: new Date('2030-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString()),
    )
    .map(([seat, user, id, at]): Facts => ({ seat, user, id, at }));
const four = fc
  .constantFrom(...kinds)
  .chain((id) => fc.tuple(factsWith(id), factsWith(id), factsWith(id), factsWith(id)));

it.each(DIALECTS)('%s: what it learns holds for other seats, users, orders and times', (_name, success, refusal) => {
  fc.assert(
    fc.property(four, ([a, b, c, d]) => {
      const learnt = learnFrom(success(a), refusal({ ...b, seat: a.seat }), a.seat, [a.user, b.user]);
      if (isUnlearnt(learnt)) throw new Error(learnt.message);
      const { success: good, refusal: bad } = learnt.outcome ?? {};
      for (const own of [a.seat, a.id, b.id, a.at]) expect(JSON.stringify([good, bad])).not.toContain(own);
      expect([readAs(learnt, success(c)), readAs(learnt, refusal(d))]).toEqual(['ok', 'fail']);
    }),
    { numRuns: 15 },
  );
});
