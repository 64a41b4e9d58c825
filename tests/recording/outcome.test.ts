import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, type OutcomeRules, outcomeReader, type WireReply } from '../../plugin/src/recording/index.ts';
import { byStatus, reply } from './replies.ts';

/** An API that answers 200 to everything; the body says what happened. */
const byFlag: OutcomeRules = {
  success: { status: [200], body: { '$.success': true } },
  refusal: { status: [200], body: { '$.success': false } },
  orderId: '$.data.booking.id',
  message: '$.error.text',
};

const conclude = (rules: OutcomeRules, wireReply: WireReply, headers = {}) =>
  outcomeReader(rules)(wireReply, { headers });

describe('an outcome by status', () => {
  it.each([
    [201, { outcome: 'ok', orderId: 'o-1' }],
    [200, { outcome: 'ok', orderId: 'o-1' }],
    [202, { outcome: 'info', cause: 'pending', orderId: 'o-1' }],
    [302, { outcome: 'info', cause: 'unrecognised' }],
    [400, { outcome: 'fail', reason: 'lost', message: 'taken' }],
    [409, { outcome: 'fail', reason: 'lost' }],
    [422, { outcome: 'fail', reason: 'lost' }],
    [401, { outcome: 'fail', reason: 'not-authorised' }],
    [403, { outcome: 'fail', reason: 'not-authorised' }],
    [429, { outcome: 'fail', reason: 'rate-limited' }],
    [500, { outcome: 'info', cause: 'server-error', message: 'taken' }],
    [503, { outcome: 'info', cause: 'server-error' }],
  ])('%d', (status, conclusion) => {
    expect(conclude(byStatus, reply(status, { order_id: 'o-1', message: 'taken' }))).toMatchObject(conclusion);
  });

  it('is unknown however the answer broke', () => {
    for (const failure of ['timeout', 'reset', 'unreachable', 'unreadable', 'aborted'] as const) {
      expect(conclude(byStatus, { kind: 'broken', failure, error: 'gone' })).toEqual({
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
    ['neither', reply(200, {}), { outcome: 'info', cause: 'unrecognised' }],
    ['not JSON', reply(200, '<html>Hello'), { outcome: 'info', cause: 'unrecognised', message: 'Hello' }],
    [
      'a string in place of the flag',
      reply(200, { success: 'true' }),
      { outcome: 'info', cause: 'unrecognised', message: '{"success":"true"}' },
    ],
  ])('%s', (_what, wireReply, conclusion) => {
    expect(conclude(byFlag, wireReply)).toMatchObject(conclusion);
  });

  it('is unknown where success and refusal both hold', () => {
    const rules = { ...byFlag, success: { status: [200] } };
    expect(conclude(rules, reply(200, { success: false, message: 'no' }))).toMatchObject({
      outcome: 'info',
      cause: 'ambiguous',
      message: 'success and refusal both hold, so the two conditions overlap: no',
    });
  });
});

describe('a success with a body that no API can have meant proves nothing', () => {
  it.each<[string, WireReply]>([
    ['a page', reply(200, '<!doctype html><h1>Please sign in</h1>', { 'content-type': 'text/html' })],
    ['JSON that was cut short', reply(201, '{"order_id":"o-', { 'content-type': 'application/json; charset=utf-8' })],
    ['a problem that was cut short', reply(200, '{"title":"t', { 'content-type': 'application/problem+json' })],
    ['what cannot be unpacked', reply(201, 'no gzip', { 'content-encoding': 'gzip' })],
  ])('%s', (_what, wireReply) => {
    expect(conclude(byStatus, wireReply)).toMatchObject({ outcome: 'info', cause: 'unreadable' });
    expect(conclude(byStatus, { ...wireReply, status: 409 } as WireReply)).toMatchObject({
      outcome: 'fail',
      reason: 'lost',
    });
  });

  it.each<[string, WireReply]>([
    ['nothing', reply(201, '', { 'content-type': 'application/json' })],
    ['plain text', reply(201, 'booked', { 'content-type': 'text/plain' })],
    ['JSON with a byte order mark', reply(201, '\uFEFF{"order_id":"o-1"}', { 'content-type': 'application/json' })],
    ['JSON that is called a page', reply(201, '{"order_id":"o-1"}', { 'content-type': 'text/html' })],
    ['XML', reply(201, '<?xml version="1.0"?><order/>', { 'content-type': 'application/xml' })],
  ])('but %s does', (_what, wireReply) => {
    expect(conclude(byStatus, wireReply)).toMatchObject({ outcome: 'ok' });
  });
});

describe('an answer whose body was lost is read by the status alone', () => {
  const cutOff = (status: number, failure: 'timeout' | 'reset' | 'unreadable' | 'aborted' = 'reset'): WireReply => ({
    kind: 'partial',
    status,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from('{"order_id":"o-'),
    failure,
    error: 'it broke',
  });

  it.each<[number, object]>([
    [201, { outcome: 'info', cause: 'unreadable', mayPromise: true }],
    [204, { outcome: 'info', cause: 'unreadable', mayPromise: true }],
    [302, { outcome: 'info', cause: 'unreadable', mayPromise: true }],
    [409, { outcome: 'fail', reason: 'lost' }],
    [401, { outcome: 'fail', reason: 'not-authorised' }],
    [429, { outcome: 'fail', reason: 'rate-limited' }],
    [500, { outcome: 'info', cause: 'server-error' }],
    [202, { outcome: 'info', cause: 'pending' }],
  ])('%d', (status, conclusion) => {
    for (const failure of ['timeout', 'reset', 'unreadable'] as const) {
      const seen = conclude(byStatus, cutOff(status, failure));
      expect(seen).toMatchObject({
        ...conclusion,
        answer: { status, body: '{"order_id":"o-', bodyBytes: 15, bodyLost: `${failure}: it broke` },
      });
      expect('mayPromise' in seen).toBe('mayPromise' in conclusion);
      expect(seen).not.toHaveProperty('orderId');
    }
  });

  it('is no refusal where the body decides, and none where the status may be a success', () => {
    const unreadable = { outcome: 'info', cause: 'unreadable', mayPromise: true };
    expect(conclude(byFlag, cutOff(200))).toMatchObject(unreadable);
    expect(conclude({ ...byStatus, refusal: { status: [409], has: ['$.code'] } }, cutOff(409))).toMatchObject({
      outcome: 'info',
      cause: 'unreadable',
    });
    expect(conclude({ ...byStatus, success: { has: ['$.order_id'] } }, cutOff(409))).toMatchObject(unreadable);
    expect(conclude({ ...byStatus, refusal: [{ has: ['$.code'] }, { status: [500] }] }, cutOff(500))).toMatchObject({
      outcome: 'fail',
      reason: 'lost',
    });
  });

  it('says nothing about the target where the end of the run cut it off', () => {
    expect(conclude(byStatus, cutOff(201, 'aborted'))).toMatchObject({
      cause: 'aborted',
      mayPromise: true,
      message: 'the rest was lost (aborted: it broke) after {"order_id":"o-',
    });
  });

  it('is read by its status, too, where it does not unpack within the bound', () => {
    const bomb = (status: number) =>
      reply(status, zlib.brotliCompressSync(`[${'1,'.repeat(8 << 20)}1]`), { 'content-encoding': 'br' });
    expect(conclude(byStatus, bomb(409))).toMatchObject({
      outcome: 'fail',
      answer: { body: '', bodyLost: 'it unpacks to more than 1048576 bytes' },
    });
    expect(conclude(byStatus, bomb(201))).toMatchObject({ outcome: 'info', cause: 'unreadable', mayPromise: true });
  });
});

describe('202 means accepted, and decides nothing', () => {
  const accepted = reply(202, { order_id: 'o-1', state: 'queued' });

  it('unless the suite writes this status down, by itself or in a range', () => {
    for (const status of [[202], ['200-299'], ['200 - 299']]) {
      expect(conclude({ ...byStatus, success: { status } }, accepted)).toMatchObject({ outcome: 'ok', orderId: 'o-1' });
    }
    const refusal = [{ status: [409] }, { status: [202], body: { '$.state': 'queued' } }];
    expect(conclude({ ...byStatus, refusal }, accepted)).toMatchObject({ outcome: 'fail', reason: 'lost' });
    expect(conclude({ ...byStatus, refusal }, reply(202, {}))).toMatchObject({ cause: 'unrecognised' });
  });

  it('also where a condition without a status fits', () => {
    const pending = { outcome: 'info', cause: 'pending', orderId: 'o-1' };
    expect(conclude({ ...byStatus, success: { has: ['$.order_id'] } }, accepted)).toMatchObject(pending);
    expect(conclude({ ...byStatus, refusal: { lacks: ['$.seat'] } }, accepted)).toMatchObject(pending);
    expect(conclude(byStatus, reply(202, {}))).not.toHaveProperty('orderId');
  });
});

describe('401, 403 and 429 are refusals where the refusal names them', () => {
  const named = (refusal: OutcomeRules['refusal'], wireReply: WireReply) =>
    conclude({ ...byStatus, refusal }, wireReply);

  it('by the status alone, and by status and body', () => {
    const why = { 'x-reason': 'sold-out' };
    expect(named({ header: why }, reply(403, {}, why))).toMatchObject({ outcome: 'fail', reason: 'lost' });
    expect(named({ header: why }, reply(403))).toMatchObject({ outcome: 'fail', reason: 'not-authorised' });
    expect(named({ status: [403, 409] }, reply(403))).toMatchObject({ outcome: 'fail', reason: 'lost' });
    const byCode = { status: [429], body: { '$.code': 'TAKEN' } };
    expect(named(byCode, reply(429, { code: 'TAKEN' }))).toMatchObject({ reason: 'lost' });
    expect(named(byCode, reply(429, { code: 'SLOW_DOWN' }))).toMatchObject({ reason: 'rate-limited' });
  });

  it('but not where it names a range, or a flag that every error has', () => {
    expect(named({ status: ['400-499'] }, reply(401))).toMatchObject({ reason: 'not-authorised' });
    expect(named({ body: { '$.success': false } }, reply(401, { success: false }))).toMatchObject({
      reason: 'not-authorised',
    });
  });
});

describe('the id of an order', () => {
  const idOf = (orderId: unknown, headers = {}) => conclude(byStatus, reply(201, `{"order_id":${orderId}}`), headers);

  it('keeps all its digits, more than a double has', () => {
    expect(idOf('9007199254740993')).toMatchObject({ orderId: '9007199254740993' });
    expect(idOf('-9007199254740993')).toMatchObject({ orderId: '-9007199254740993' });
    expect(idOf('7')).toMatchObject({ orderId: '7' });
  });

  it.each(['1e400', '2e400', '1.50', '12345678901234567890', '-0', '1E2'])(
    'is the number as it is written: %s',
    (id) => {
      expect(idOf(id)).toMatchObject({ orderId: id });
    },
  );

  it('is whole up to 200 characters, and beyond that its beginning and its digest', () => {
    const id = 'x'.repeat(199);
    expect(idOf(`"${id}1"`)).toMatchObject({ orderId: `${id}1` });
    const [one, other] = [idOf(`"${id}-1"`), idOf(`"${id}-2"`)] as { orderId?: string }[];
    expect(one?.orderId).toMatch(/^x{100}…#[0-9a-f]{64}$/);
    expect(one?.orderId).not.toBe(other?.orderId);
  });

  it.each(['""', '" "', 'null', '[]', 'true', '{"id":1}'])('is absent where the answer has %s', (orderId) => {
    expect(idOf(orderId)).not.toHaveProperty('orderId');
  });

  it('has a digest in place of a secret, so that it can still be compared', () => {
    const conclusion = idOf('"session-42-A1"', { 'x-session-id': 'session-42' });
    expect(conclusion).toMatchObject({ outcome: 'ok' });
    expect(JSON.stringify(conclusion)).not.toContain('session-42');
    expect(conclusion).toHaveProperty('orderId', expect.stringMatching(/^\*\*\*-A1#[0-9a-f]{64}$/));
  });

  it('is absent where the body is nested too deep to be searched', () => {
    const deep = reply(201, `${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(conclude({ ...byStatus, orderId: '$..id' }, deep)).toMatchObject({ outcome: 'ok' });
  });
});

describe('an outcome by what the body has and lacks', () => {
  const rules: OutcomeRules = {
    ...byStatus,
    success: { status: [201], has: ['$.order_id'] },
    refusal: { status: [201], lacks: ['$.order_id'] },
  };

  it.each([
    ['an order', reply(201, { order_id: 7 }), { outcome: 'ok', orderId: '7' }],
    ['a message', reply(201, { message: 'taken' }), { outcome: 'fail', reason: 'lost', message: 'taken' }],
    ['null for an order', reply(201, { order_id: null }), { outcome: 'fail', reason: 'lost' }],
    [
      'not JSON, which neither has nor lacks anything',
      reply(201, 'sold'),
      { outcome: 'info', cause: 'unrecognised', message: 'sold' },
    ],
    ['no body', reply(201, ''), { outcome: 'info', cause: 'unrecognised' }],
  ])('%s', (_what, wireReply, conclusion) => {
    expect(conclude(rules, wireReply)).toMatchObject(conclusion);
  });
});

describe('what is recorded of an answer', () => {
  it('is unpacked first', () => {
    for (const [name, pack] of [
      ['gzip', zlib.gzipSync],
      ['br', zlib.brotliCompressSync],
      ['deflate', zlib.deflateSync],
      // Raw, as some servers send it.
      ['deflate', zlib.deflateRawSync],
    ] as const) {
      const body = pack(Buffer.from('{"order_id":"o-1"}'));
      const conclusion = conclude(byStatus, {
        kind: 'complete',
        status: 201,
        headers: { 'content-encoding': name },
        body,
      });
      expect(conclusion).toMatchObject({
        outcome: 'ok',
        orderId: 'o-1',
        answer: { body: '{"order_id":"o-1"}', bodyBytes: body.length },
      });
    }
  });

  it('is cut, with the length of the whole body beside it', () => {
    const long = conclude(byStatus, reply(400, { message: 'x'.repeat(5000) }));
    expect(long.answer).toMatchObject({ bodyBytes: 5014 });
    expect(long).toHaveProperty('message', 'x'.repeat(200));
    expect(long.answer.kind === 'answered' && long.answer.body.length).toBe(300);
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
  ])('may be a promise: %s', (_what, wireReply, mayPromise) => {
    const seen = conclude({ ...byStatus, success: { status: [201] } }, wireReply);
    expect({ outcome: seen.outcome, mayPromise: (seen as { mayPromise?: true }).mayPromise }).toEqual({
      outcome: 'info',
      mayPromise,
    });
  });

  it('may be a promise where success and refusal both hold, whatever the status', () => {
    const both = { ...byStatus, success: { body: { '$.success': true } } };
    expect(conclude(both, reply(409, { success: true }))).toMatchObject({ outcome: 'info', mayPromise: true });
  });
});

describe('a form that answers with pages and redirects', () => {
  const form: OutcomeRules = {
    ...byStatus,
    success: [
      { status: [302, 303], header: { location: '/^\\/thanks\\//' } },
      { status: [200], text: '/thank you/i' },
    ],
    refusal: [
      { status: [200], text: 'Sold out' },
      { status: [302], header: { location: '/sold-out' } },
    ],
    orderId: { header: 'location', match: '/thanks/(\\d+)' },
    message: { text: '/<p class="error">([^<]*)/' },
  };
  const page = '<!doctype html><html><body><p class="error">Sold out</p></body></html>';

  it.each<[string, WireReply, object]>([
    ['is booked', reply(302, '', { location: '/thanks/17' }), { outcome: 'ok', orderId: '17' }],
    ['is booked, with a page in between', reply(303, '<html>See /', { location: '/thanks/18' }), { outcome: 'ok' }],
    ['is booked, with a page', reply(200, '<html><body>Thank you!'), { outcome: 'ok' }],
    [
      'is refused by a page',
      reply(200, page),
      { outcome: 'fail', reason: 'lost', declared: true, message: 'Sold out' },
    ],
    ['is refused by where it leads', reply(302, '', { location: '/sold-out' }), { outcome: 'fail', declared: true }],
    ['leads elsewhere', reply(302, '', { location: '/login' }), { outcome: 'info', cause: 'unrecognised' }],
    ['is another page', reply(200, '<html><body>Log in'), { outcome: 'info', cause: 'unrecognised' }],
    ['says both', reply(200, '<html>Thank you, Sold out'), { outcome: 'info', cause: 'ambiguous' }],
    ['is refused with 403', reply(403, page), { outcome: 'fail', reason: 'not-authorised' }],
  ])('%s', (_what, wireReply, conclusion) => {
    expect(conclude(form, wireReply)).toMatchObject(conclusion);
  });

  it('is refused by its text whatever the status', () => {
    const anyStatus = { ...form, refusal: { text: '/sold out/i' } };
    for (const status of [200, 403, 429, 500]) {
      expect(conclude(anyStatus, reply(status, page))).toMatchObject({
        outcome: 'fail',
        reason: 'lost',
        declared: true,
      });
    }
  });

  it('is booked by a page only where the suite looked at more than the status', () => {
    expect(conclude({ ...byStatus, success: { status: [302] } }, reply(302, '<html>Moved'))).toMatchObject({
      outcome: 'ok',
    });
    expect(conclude(byStatus, reply(200, '<html>Error'))).toMatchObject({ outcome: 'info', cause: 'unreadable' });
  });

  it('is known by its headers where the body is lost, and by its text it is not', () => {
    const lost = { failure: 'reset', error: 'gone', body: Buffer.from('<p class="error">Sold') } as const;
    const gone: WireReply = { kind: 'partial', status: 302, headers: { location: '/sold-out' }, ...lost };
    expect(conclude(form, gone)).toMatchObject({ outcome: 'fail', reason: 'lost' });
    expect(conclude(form, { ...gone, headers: { location: '/thanks/1' } })).toMatchObject({ outcome: 'info' });
    expect(conclude(form, { ...gone, status: 200 })).toMatchObject({ outcome: 'info', cause: 'unreadable' });
  });
});

describe('a 202', () => {
  it.each<[string, Partial<OutcomeRules>, object]>([
    ['decides nothing by default', {}, { outcome: 'info', cause: 'pending' }],
    ['is listed as a success', { success: { status: [201, 202] } }, { outcome: 'ok' }],
    ['is listed by a range', { success: { status: ['200-299'] } }, { outcome: 'ok' }],
    ['is listed as a refusal', { refusal: { status: [202] } }, { outcome: 'fail', reason: 'lost' }],
    ['is not decided by a body alone', { success: { body: { '$.ok': true } } }, { outcome: 'info', cause: 'pending' }],
    [
      'is not decided by a body alone where another condition lists it',
      { success: [{ status: [202], body: { '$.done': true } }, { body: { '$.ok': true } }] },
      { outcome: 'info', cause: 'unrecognised' },
    ],
    [
      'is decided by the condition that lists it',
      { success: [{ status: [202], body: { '$.ok': true } }, { status: [201] }] },
      { outcome: 'ok' },
    ],
  ])('%s', (_what, rules, conclusion) => {
    expect(conclude({ ...byStatus, ...rules }, reply(202, { ok: true }))).toMatchObject(conclusion);
  });
});

describe('a refusal', () => {
  it('is declared where the suite knows it by more than its status', () => {
    const declared = (refusal: OutcomeRules['refusal'], body: object = { code: 'SOLD' }) =>
      conclude({ ...byStatus, refusal }, reply(418, body));
    expect(declared({ status: [418] })).not.toHaveProperty('declared');
    expect(declared({ status: [418], body: { '$.code': 'SOLD' } })).toHaveProperty('declared', true);
    expect(declared([{ status: [418] }, { has: ['$.code'] }])).toHaveProperty('declared', true);
    expect(declared([{ status: [418] }, { has: ['$.other'] }])).not.toHaveProperty('declared');
  });

  it('shows a list of messages, and numbers as they are written', () => {
    const messages = (body: string) => conclude(byStatus, reply(400, body));
    expect(messages('{"message":["a","b"]}')).toMatchObject({ message: 'a; b' });
    expect(messages('{"message":1.50}')).toMatchObject({ message: '1.50' });
  });
});

describe('what a success gives', () => {
  it('is its units, added, and the ids of what it grants', () => {
    const rules = { ...byStatus, units: '$.lines[*].n', granted: '$.seats[*].id' };
    const body = { order_id: 'o', lines: [{ n: 1 }, { n: 2 }], seats: [{ id: 'A1' }, { id: 12 }] };
    expect(conclude(rules, reply(201, body))).toMatchObject({ granted: 3, grantedIds: ['A1', '12'] });
    expect(conclude(rules, reply(201, {}))).not.toHaveProperty('grantedIds');
  });

  it('is read by the operation where that says how', () => {
    const rules = { ...byStatus, operations: { hold: { units: '$.n', granted: '$.id' } } };
    const body = { n: 2, id: 'A1' };
    expect(outcomeReader(rules)(reply(201, body), { headers: {} }, 'hold')).toMatchObject({
      granted: 2,
      grantedIds: ['A1'],
    });
    expect(outcomeReader(rules)(reply(201, body), { headers: {} })).not.toHaveProperty('granted');
  });
});

describe('an outcome that depends on what the request wanted', () => {
  it('is read by the rules of the operation, and by the usual rules where the operation has no rule', () => {
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

  it('is a refusal where one of several conditions holds', () => {
    const rules: OutcomeRules = {
      ...byStatus,
      success: { status: [201], body: { '$.discount': true } },
      refusal: [{ status: [409] }, { status: [201], body: { '$.discount': false } }],
    };
    expect(conclude(rules, reply(201, { discount: true }))).toMatchObject({ outcome: 'ok' });
    expect(conclude(rules, reply(201, { discount: false }))).toMatchObject({ outcome: 'fail', reason: 'lost' });
    expect(conclude(rules, reply(409))).toMatchObject({ outcome: 'fail', reason: 'lost' });
    expect(conclude(rules, reply(201, {}))).toMatchObject({ outcome: 'info', cause: 'unrecognised' });
  });

  it('has the number of units that the answer grants', () => {
    const rules = { ...byStatus, units: '$.quantity' };
    expect(conclude(rules, reply(201, { quantity: 3 }))).toMatchObject({ outcome: 'ok', granted: 3 });
    expect(conclude(rules, reply(201, { quantity: 'three' }))).not.toHaveProperty('granted');
    expect(conclude(byStatus, reply(201, { quantity: 3 }))).not.toHaveProperty('granted');
  });

  it('is unknown where the answer grants more than a history can hold', () => {
    const rules = { ...byStatus, units: '$.n[*]' };
    const nines = '9'.repeat(60);
    expect(conclude(rules, reply(201, `{"n":[${nines},${nines}]}`))).toMatchObject({
      outcome: 'info',
      cause: 'unreadable',
      mayPromise: true,
    });
  });
});

describe('the fingerprint of a request', () => {
  const request = { method: 'POST', path: '/orders', body: Buffer.from('{"seat":1}') };

  it('is the same for equal requests, and differs by method, path and body', () => {
    const others = [{ method: 'PUT' }, { path: '/order' }, { body: Buffer.from('{"seat":2}') }];
    const all = [request, { ...request }, ...others.map((other) => ({ ...request, ...other }))].map(fingerprintOf);
    expect(new Set(all).size).toBe(4);
    expect(all[0]).toBe(all[1]);
  });

  it('is too short to find out what was in the request', () => {
    expect(fingerprintOf(request)).toMatch(/^[0-9a-f]{8}$/);
  });
});
