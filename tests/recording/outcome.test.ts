import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, type OutcomeRules, outcomeReader, type WireReply } from '../../plugin/src/recording/index.ts';

const byStatus: OutcomeRules = {
  success: { status: [200, 201] },
  refusal: { status: ['400-499'] },
  orderId: '$.order_id',
  message: '$.message',
};
/** An API that answers 200 to everything and says in the body what it means. */
const byFlag: OutcomeRules = {
  success: { status: [200], body: { '$.success': true } },
  refusal: { status: [200], body: { '$.success': false } },
  orderId: '$.data.booking.id',
  message: '$.error.text',
};

const reply = (status: number, body: unknown = {}, headers = {}): WireReply => ({
  kind: 'complete',
  status,
  headers,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
});
const read = (rules: OutcomeRules, its: WireReply, headers = {}) => outcomeReader(rules)(its, headers);

describe('an outcome by status', () => {
  it.each([
    [201, { outcome: 'ok', orderId: 'o-1' }],
    [200, { outcome: 'ok', orderId: 'o-1' }],
    [202, { outcome: 'info', cause: 'unexpected' }],
    [302, { outcome: 'info', cause: 'unexpected' }],
    [400, { outcome: 'fail', reason: 'lost', message: 'taken' }],
    [409, { outcome: 'fail', reason: 'lost' }],
    [422, { outcome: 'fail', reason: 'lost' }],
    [401, { outcome: 'fail', reason: 'not-authorised' }],
    [403, { outcome: 'fail', reason: 'not-authorised' }],
    [429, { outcome: 'fail', reason: 'rate-limited' }],
    [500, { outcome: 'info', cause: 'server-error', message: 'taken' }],
    [503, { outcome: 'info', cause: 'server-error' }],
  ])('%d', (status, conclusion) => {
    expect(read(byStatus, reply(status, { order_id: 'o-1', message: 'taken' }))).toMatchObject(conclusion);
  });

  it('is unknown for every way in which an answer can break', () => {
    for (const failure of ['timeout', 'reset', 'unreachable', 'unreadable', 'aborted'] as const) {
      expect(read(byStatus, { kind: 'broken', failure, error: 'gone' })).toEqual({
        outcome: 'info',
        cause: failure,
        answer: { kind: 'unanswered', error: 'gone' },
      });
    }
  });
});

describe('an outcome by a flag in the body', () => {
  it.each([
    ['success', reply(200, { success: true, data: { booking: { id: 77 } } }), { outcome: 'ok', orderId: '77' }],
    [
      'refusal',
      reply(200, { success: false, error: { text: 'gone' } }),
      { outcome: 'fail', reason: 'lost', message: 'gone' },
    ],
    ['neither', reply(200, {}), { outcome: 'info', cause: 'unexpected' }],
    ['no JSON', reply(200, '<html>'), { outcome: 'info', cause: 'unreadable' }],
    ['a string in place of the flag', reply(200, { success: 'true' }), { outcome: 'info', cause: 'unexpected' }],
  ])('%s', (_what, its, conclusion) => {
    expect(read(byFlag, its)).toMatchObject(conclusion);
  });

  it('is unknown where success and refusal are both proven', () => {
    const rules = { ...byFlag, success: { status: [200] } };
    expect(read(rules, reply(200, { success: false }))).toMatchObject({ outcome: 'info', cause: 'unexpected' });
  });
});

describe('what is recorded of an answer', () => {
  it('is unpacked first', () => {
    for (const [name, pack] of [
      ['gzip', zlib.gzipSync],
      ['br', zlib.brotliCompressSync],
      ['deflate', zlib.deflateSync],
    ] as const) {
      const body = pack(Buffer.from('{"order_id":"o-1"}'));
      const its = read(byStatus, { kind: 'complete', status: 201, headers: { 'content-encoding': name }, body });
      expect(its).toMatchObject({
        outcome: 'ok',
        orderId: 'o-1',
        answer: { body: '{"order_id":"o-1"}', bodyBytes: body.length },
      });
    }
  });

  it('is bounded, with the length of the whole', () => {
    const long = read(byStatus, reply(400, { message: 'x'.repeat(5000) }));
    expect(long.answer).toMatchObject({ bodyBytes: 5014 });
    expect(long).toHaveProperty('message', 'x'.repeat(200));
    expect(long.answer.kind === 'answered' && long.answer.body.length).toBe(300);
  });

  it('holds none of the secrets of the request, and none that the server gives out', () => {
    const token = 'eyJhbGciOi.secret.token';
    const its = read(
      byStatus,
      reply(400, { message: `bad token ${token}`, access_token: 'fresh-one', nested: { client_secret: 'abc"def' } }),
      { authorization: `Bearer ${token}`, cookie: 'sid=0123456789' },
    );
    expect(JSON.stringify(its)).not.toMatch(/secret\.token|fresh-one|abc/);
    expect(its).toHaveProperty('message', 'bad token ***');
    const broken = read(
      byStatus,
      { kind: 'broken', failure: 'reset', error: `at ${token}` },
      { authorization: `Bearer ${token}` },
    );
    expect(JSON.stringify(broken)).not.toContain(token);
  });

  it('holds no secret that the server wrote down in another form', () => {
    const token = 'sekret/ab+c==';
    const forms = [token, 'sekret\\/ab+c==', encodeURIComponent(token)];
    for (const form of forms) {
      const its = read(byStatus, reply(400, `{"auth":"${form}"}`), { authorization: `Bearer ${token}` });
      expect(its.answer).toMatchObject({ body: '{"auth":"***"}' });
    }
  });

  it('keeps the words around a secret: the name of a cookie, the scheme of a credential', () => {
    const its = read(byStatus, reply(201, { order_id: 'booking-Bearer-1' }), {
      authorization: 'Bearer 0123456789',
      cookie: 'booking=abcdef123',
    });
    expect(its).toMatchObject({ orderId: 'booking-Bearer-1' });
  });

  it('leaves out an order id that is no text', () => {
    expect(read(byStatus, reply(201, { order_id: { id: 1 } }))).not.toHaveProperty('orderId');
  });
});

describe('an outcome that depends on what was asked for', () => {
  it('is read by the rules of its operation, and by the usual ones as far as that has none', () => {
    const rules: OutcomeRules = {
      ...byStatus,
      operations: { cancel: { success: { status: [204] } }, hold: { orderId: '$.hold_id', success: undefined } },
    };
    const outcomeOf = (operation: 'book' | 'hold' | 'cancel' | undefined, status: number, body: object) =>
      outcomeReader(rules)(reply(status, body), {}, operation);
    expect(outcomeOf('cancel', 204, {})).toMatchObject({ outcome: 'ok' });
    expect(outcomeOf('cancel', 200, {})).toMatchObject({ outcome: 'info' });
    expect(outcomeOf('cancel', 409, { message: 'no' })).toMatchObject({ outcome: 'fail', message: 'no' });
    expect(outcomeOf('hold', 201, { hold_id: 'h', order_id: 'o' })).toMatchObject({ outcome: 'ok', orderId: 'h' });
    for (const operation of ['book', undefined] as const) {
      expect(outcomeOf(operation, 201, { hold_id: 'h', order_id: 'o' })).toMatchObject({ outcome: 'ok', orderId: 'o' });
      expect(outcomeOf(operation, 204, {})).toMatchObject({ outcome: 'info' });
    }
  });

  it('is a refusal where one of several says so', () => {
    const rules: OutcomeRules = {
      ...byStatus,
      success: { status: [201], body: { '$.discount': true } },
      refusal: [{ status: [409] }, { status: [201], body: { '$.discount': false } }],
    };
    expect(read(rules, reply(201, { discount: true }))).toMatchObject({ outcome: 'ok' });
    expect(read(rules, reply(201, { discount: false }))).toMatchObject({ outcome: 'fail', reason: 'lost' });
    expect(read(rules, reply(409))).toMatchObject({ outcome: 'fail', reason: 'lost' });
    expect(read(rules, reply(201, {}))).toMatchObject({ outcome: 'info', cause: 'unexpected' });
  });

  it('says how many units were granted, where the answer does', () => {
    const rules = { ...byStatus, units: '$.quantity' };
    expect(read(rules, reply(201, { quantity: 3 }))).toMatchObject({ outcome: 'ok', granted: 3 });
    expect(read(rules, reply(201, { quantity: 'three' }))).not.toHaveProperty('granted');
    expect(read(byStatus, reply(201, { quantity: 3 }))).not.toHaveProperty('granted');
  });
});

describe('the fingerprint of a request', () => {
  const request = { method: 'POST', path: '/orders', body: Buffer.from('{"seat":1}') };

  it('is the same for the same, and tells methods, paths and bodies apart', () => {
    const others = [{ method: 'PUT' }, { path: '/order' }, { body: Buffer.from('{"seat":2}') }];
    const all = [request, { ...request }, ...others.map((its) => ({ ...request, ...its }))].map(fingerprintOf);
    expect(new Set(all).size).toBe(4);
    expect(all[0]).toBe(all[1]);
  });

  it('is too short to find out what was in the request', () => {
    expect(fingerprintOf(request)).toMatch(/^[0-9a-f]{8}$/);
  });
});
