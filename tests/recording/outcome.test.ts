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
const PIN = '90210733';
const read = (rules: OutcomeRules, its: WireReply, headers = {}) => outcomeReader(rules)(its, { headers });

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

describe('a success whose body no API can have meant proves nothing', () => {
  it.each<[string, WireReply]>([
    ['a page', reply(200, '<!doctype html><h1>Please sign in</h1>', { 'content-type': 'text/html' })],
    ['JSON that was cut short', reply(201, '{"order_id":"o-', { 'content-type': 'application/json; charset=utf-8' })],
    ['a problem that was cut short', reply(200, '{"title":"t', { 'content-type': 'application/problem+json' })],
    ['what cannot be unpacked', reply(201, 'no gzip', { 'content-encoding': 'gzip' })],
  ])('%s', (_what, its) => {
    expect(read(byStatus, its)).toMatchObject({ outcome: 'info', cause: 'unreadable' });
    expect(read(byStatus, { ...its, status: 409 } as WireReply)).toMatchObject({ outcome: 'fail', reason: 'lost' });
  });

  it.each<[string, WireReply]>([
    ['nothing', reply(201, '', { 'content-type': 'application/json' })],
    ['plain text', reply(201, 'booked', { 'content-type': 'text/plain' })],
    ['JSON with a byte order mark', reply(201, '\uFEFF{"order_id":"o-1"}', { 'content-type': 'application/json' })],
    ['JSON that is called a page', reply(201, '{"order_id":"o-1"}', { 'content-type': 'text/html' })],
    ['XML', reply(201, '<?xml version="1.0"?><order/>', { 'content-type': 'application/xml' })],
  ])('but %s does', (_what, its) => {
    expect(read(byStatus, its)).toMatchObject({ outcome: 'ok' });
  });
});

describe('a refusal that names 401, 403 or 429 is taken at its word', () => {
  const named = (refusal: OutcomeRules['refusal'], its: WireReply) => read({ ...byStatus, refusal }, its);

  it('by the status alone, and by status and body', () => {
    expect(named({ status: [403, 409] }, reply(403))).toMatchObject({ outcome: 'fail', reason: 'lost' });
    const byCode = { status: [429], body: { '$.code': 'TAKEN' } };
    expect(named(byCode, reply(429, { code: 'TAKEN' }))).toMatchObject({ reason: 'lost' });
    expect(named(byCode, reply(429, { code: 'SLOW_DOWN' }))).toMatchObject({ reason: 'rate-limited' });
  });

  it('but not by a range, nor by a flag that every error has', () => {
    expect(named({ status: ['400-499'] }, reply(401))).toMatchObject({ reason: 'not-authorised' });
    expect(named({ body: { '$.success': false } }, reply(401, { success: false }))).toMatchObject({
      reason: 'not-authorised',
    });
  });
});

describe('the id of an order', () => {
  const idOf = (orderId: unknown, headers = {}) => read(byStatus, reply(201, `{"order_id":${orderId}}`), headers);

  it('keeps all its digits, more than a double has', () => {
    expect(idOf('9007199254740993')).toMatchObject({ orderId: '9007199254740993' });
    expect(idOf('-9007199254740993')).toMatchObject({ orderId: '-9007199254740993' });
    expect(idOf('7')).toMatchObject({ orderId: '7' });
  });

  it.each(['""', '" "', 'null', '[]', 'true'])('is none where it is %s', (orderId) => {
    expect(idOf(orderId)).not.toHaveProperty('orderId');
  });

  it('is left out where it holds a secret: masked, it could not be compared', () => {
    const its = idOf('"session-42-A1"', { 'x-session-id': 'session-42' });
    expect(its).toMatchObject({ outcome: 'ok' });
    expect(JSON.stringify(its)).not.toContain('session-42');
    expect(its).not.toHaveProperty('orderId');
  });

  it('is none in a body that is nested too deep to be searched', () => {
    const deep = reply(201, `${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(read({ ...byStatus, orderId: '$..id' }, deep)).toMatchObject({ outcome: 'ok' });
  });
});

describe('an outcome by what the body has, or has not', () => {
  const rules: OutcomeRules = {
    ...byStatus,
    success: { status: [201], has: ['$.order_id'] },
    refusal: { status: [201], lacks: ['$.order_id'] },
  };

  it.each([
    ['an order', reply(201, { order_id: 7 }), { outcome: 'ok', orderId: '7' }],
    ['a message', reply(201, { message: 'taken' }), { outcome: 'fail', reason: 'lost', message: 'taken' }],
    ['null for an order', reply(201, { order_id: null }), { outcome: 'fail', reason: 'lost' }],
    ['no JSON, which neither has nor lacks anything', reply(201, 'sold'), { outcome: 'info', cause: 'unreadable' }],
    ['no body', reply(201, ''), { outcome: 'info', cause: 'unexpected' }],
  ])('%s', (_what, its, conclusion) => {
    expect(read(rules, its)).toMatchObject(conclusion);
  });
});

describe('what is recorded of an answer', () => {
  it('is unpacked first', () => {
    for (const [name, pack] of [
      ['gzip', zlib.gzipSync],
      ['br', zlib.brotliCompressSync],
      ['deflate', zlib.deflateSync],
      // Some send it so.
      ['deflate', zlib.deflateRawSync],
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
    const forms = [
      token,
      'sekret\\/ab+c==',
      encodeURIComponent(token),
      'sekret%2fab%2bc%3d%3d',
      Buffer.from(token).toString('base64url'),
    ];
    for (const form of forms) {
      const its = read(byStatus, reply(400, `{"auth":"${form}"}`), { authorization: `Bearer ${token}` });
      expect(its.answer).toMatchObject({ body: '{"auth":"***"}' });
    }
  });

  it.each([
    ['JSON (Python)', 'sek/ret&<\\u00e4>+=\\"\\ud83c\\udfab\''],
    ['JSON (PHP)', 'sek\\/ret&<\\u00e4>+=\\"\\ud83c\\udfab\''],
    ['JSON (Go)', 'sek/ret\\u0026\\u003cä\\u003e+=\\"🎫\''],
    ['JSON (Gson)', 'sek/ret\\u0026\\u003cä\\u003e+\\u003d\\"🎫\\u0027'],
    ['JSON (.NET)', 'sek/ret\\u0026\\u003C\\u00E4\\u003E\\u002B=\\u0022\\uD83C\\uDFAB\\u0027'],
    ['HTML', 'sek/ret&amp;&lt;ä&gt;+=&quot;🎫&#39;'],
    ['HTML (PHP)', 'sek/ret&amp;&lt;ä&gt;+=&quot;🎫&#039;'],
    ['a form', 'sek%2Fret%26%3C%C3%A4%3E%2B%3D%22%F0%9F%8E%AB%27'],
  ])('holds no secret that the server escaped for %s', (_where, escaped) => {
    const password = 'sek/ret&<ä>+="🎫\'';
    const request = { headers: {}, body: Buffer.from(JSON.stringify({ password })) };
    const its = outcomeReader(byStatus)(reply(400, `{"text":"no: ${escaped}"}`), request);
    expect(its.answer).toMatchObject({ body: '{"text":"no: ***"}' });
  });

  it.each([
    ['a list', '{"tokens":["fresh]one-1","another-2"],"a":1}', '{"tokens":["***","***"],"a":1}'],
    ['an object', '{"token":{"value":"fresh}one-1","type":"bearer"}}', '{"token":{"value":"***","type":"bearer"}}'],
    ['a list of objects', '{"tokens":{"all":[{"value":"fresh-one-1"}]}}', '{"tokens":{"all":[{"value":"***"}]}}'],
    [
      'JSON in JSON',
      '{"from":"{\\"token\\":\\"fresh\\\\\\"one\\",\\"a\\":1}"}',
      '{"from":"{\\"token\\":\\"***\\",\\"a\\":1}"}',
    ],
  ])('holds no secret that the server gives out in %s', (_where, body, clean) => {
    expect(read(byStatus, reply(400, body)).answer).toMatchObject({ body: clean });
  });

  it('holds no cookie that the answer sets; but a cookie may hold the order', () => {
    const cookies = {
      'set-cookie': [
        'sid="fresh%2Fone"; Path=/booking',
        'order=order-7',
        'old=booking; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
        'flash=of%20%2Fbooking',
      ],
    };
    const its = (status: number) =>
      read(byStatus, reply(status, { message: 'fresh/one of /booking', order_id: 'order-7' }, cookies));
    expect(its(400)).toMatchObject({ message: '*** of /booking' });
    expect(its(201)).toMatchObject({ orderId: 'order-7' });
  });

  it('holds no part of a secret that is longer than what is recorded', () => {
    const token = `eyJ${'abcdefghij'.repeat(150)}`;
    const its = read(byStatus, reply(400, { message: `invalid token ${token}` }), { authorization: `Bearer ${token}` });
    expect(its.answer).toMatchObject({ body: '{"message":"invalid token ***"}' });
  });

  it('holds no password of basic authentication, and no secret that came in the query or in the body', () => {
    const its = outcomeReader(byStatus)(
      reply(400, {
        message: 'hunter2-hunter2 key-in-query pin"in"json pass-in-form event-7',
        and: 'aHVudGVyMi1odW50ZXIy',
      }),
      {
        headers: { authorization: `Basic ${Buffer.from('joe:hunter2-hunter2').toString('base64')}` },
        path: '/book?api_key=key-in-query&event=event-7',
        body: Buffer.from('{"card":{"accessToken":"pin\\"in\\"json"},"event":"event-7"}'),
      },
    );
    expect(its).toMatchObject({ message: '*** *** *** pass-in-form event-7' });
    expect(JSON.stringify(its)).not.toMatch(/hunter2|aHVudGVy|key-in-query|pin/);
    const form = { headers: {}, body: Buffer.from('event=event-7&password=pass-in-form') };
    expect(outcomeReader(byStatus)(reply(400, { message: 'pass-in-form event-7' }), form)).toMatchObject({
      message: '*** event-7',
    });
  });

  it.each<[string, Partial<Parameters<ReturnType<typeof outcomeReader>>[1]>]>([
    [
      'a part of a form',
      { body: Buffer.from(`--b\r\nContent-Disposition: form-data; name="password"\r\n\r\n${PIN}\r\n--b--`) },
    ],
    ['JSON in a form', { body: Buffer.from(`event=7&order=${encodeURIComponent(`{"token":"${PIN}"}`)}`) }],
    ['JSON, as a number', { body: Buffer.from(`{"seat":"A1","token": ${PIN}}`) }],
    ['JSON, in a list', { body: Buffer.from(`{"seat":"A1","tokens": ["${PIN}"]}`) }],
    ['JSON, in an object', { body: Buffer.from(`{"seat":"A1","token": {"value": "${PIN}"}}`) }],
    ['a cookie in quotation marks', { headers: { cookie: `a=b; sid="${PIN}"; c=d` } }],
    ['a cookie, encoded', { headers: { cookie: `sid=s%3A${PIN}` } }],
  ])('holds no secret that was sent in %s', (_where, request) => {
    const its = outcomeReader(byStatus)(reply(400, { message: `no such: s:${PIN}` }), { headers: {}, ...request });
    expect(JSON.stringify(its)).not.toContain(PIN);
    expect(its).toHaveProperty('message', expect.stringMatching(/^no such: (s:)?\*\*\*$/));
  });

  it('is not waited for, whatever the server writes: a long text that nearly is a secret field', () => {
    // With unbounded repetitions, this took minutes.
    const its = read(byStatus, reply(400, { message: `"${'token'.repeat(200_000)}` }));
    expect(its).toMatchObject({ outcome: 'fail' });
    const long = read(byStatus, reply(400, `{"token":"${'a'.repeat(4_000_000)}`));
    expect(long.answer).toMatchObject({ body: '{"token":"***"' });
    const deep = read(byStatus, reply(400, `${'{"token":['.repeat(200_000)}1${']}'.repeat(200_000)}`));
    expect(deep).toMatchObject({ outcome: 'fail' });
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

describe('an answer that is neither a success nor a refusal', () => {
  it.each([
    ['a 2xx that no rule names', reply(204), true],
    ['a redirect', reply(302), true],
    ['a page with 200', reply(200, '<html>'), true],
    ['202, which commits to nothing', reply(202, { queued: true }), undefined],
    ['202 with an order', reply(202, { order_id: 'o-1' }), true],
    ['a 5xx', reply(500, { order_id: 'o-1' }), undefined],
  ])('may be a promise: %s', (_what, its, mayPromise) => {
    const seen = read({ ...byStatus, success: { status: [201] } }, its);
    expect({ outcome: seen.outcome, mayPromise: (seen as { mayPromise?: true }).mayPromise }).toEqual({
      outcome: 'info',
      mayPromise,
    });
  });

  it('is one where it is both, whatever its status', () => {
    const both = { ...byStatus, success: { body: { '$.success': true } } };
    expect(read(both, reply(409, { success: true }))).toMatchObject({ outcome: 'info', mayPromise: true });
  });
});

describe('an outcome that depends on what was asked for', () => {
  it('is read by the rules of its operation, and by the usual ones as far as that has none', () => {
    const rules: OutcomeRules = {
      ...byStatus,
      operations: { cancel: { success: { status: [204] } }, hold: { orderId: '$.hold_id', success: undefined } },
    };
    const outcomeOf = (operation: 'book' | 'hold' | 'cancel' | undefined, status: number, body: object) =>
      outcomeReader(rules)(reply(status, body), { headers: {} }, operation);
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
