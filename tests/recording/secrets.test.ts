import { describe, expect, it } from 'vitest';
import { outcomeReader, type WireReply } from '../../plugin/src/recording/index.ts';
import { byStatus, reply } from './replies.ts';

const PIN = '90210733';
const conclude = (wireReply: WireReply, headers = {}) => outcomeReader(byStatus)(wireReply, { headers });

describe('what is recorded of an answer', () => {
  it('holds no secret of the request, and no fresh secret that the server gives out', () => {
    const token = 'eyJhbGciOi.secret.token';
    const conclusion = conclude(
      reply(400, { message: `bad token ${token}`, access_token: 'fresh-one', nested: { client_secret: 'abc"def' } }),
      { authorization: `Bearer ${token}`, cookie: 'sid=0123456789' },
    );
    expect(JSON.stringify(conclusion)).not.toMatch(/secret\.token|fresh-one|abc/);
    expect(conclusion).toHaveProperty('message', 'bad token ***');
    const broken = conclude(
      { kind: 'broken', failure: 'reset', error: `at ${token}` },
      { authorization: `Bearer ${token}` },
    );
    expect(JSON.stringify(broken)).not.toContain(token);
  });

  it('holds no secret that the server wrote in another form', () => {
    const token = 'sekret/ab+c==';
    const forms = [
      token,
      'sekret\\/ab+c==',
      encodeURIComponent(token),
      'sekret%2fab%2bc%3d%3d',
      Buffer.from(token).toString('base64url'),
    ];
    for (const form of forms) {
      const conclusion = conclude(reply(400, `{"auth":"${form}"}`), { authorization: `Bearer ${token}` });
      expect(conclusion.answer).toMatchObject({ body: '{"auth":"***"}' });
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
    const conclusion = outcomeReader(byStatus)(reply(400, `{"text":"no: ${escaped}"}`), request);
    expect(conclusion.answer).toMatchObject({ body: '{"text":"no: ***"}' });
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
    expect(conclude(reply(400, body)).answer).toMatchObject({ body: clean });
  });

  it('holds no cookie that the answer sets, but an order id may be a cookie', () => {
    const cookies = {
      'set-cookie': [
        'sid="fresh%2Fone"; Path=/booking',
        'order=order-7',
        'old=booking; Expires=Thu, 01 Jan 1970 00:00:00 GMT',
        'flash=of%20%2Fbooking',
      ],
    };
    const concludeWith = (status: number) =>
      conclude(reply(status, { message: 'fresh/one of /booking', order_id: 'order-7' }, cookies));
    expect(concludeWith(400)).toMatchObject({ message: '*** of /booking' });
    expect(concludeWith(201)).toMatchObject({ orderId: 'order-7' });
  });

  it('holds no part of a secret that is longer than the recorded body', () => {
    const token = `eyJ${'abcdefghij'.repeat(150)}`;
    const conclusion = conclude(reply(400, { message: `invalid token ${token}` }), {
      authorization: `Bearer ${token}`,
    });
    expect(conclusion.answer).toMatchObject({ body: '{"message":"invalid token ***"}' });
  });

  it('holds no password of basic authentication, and no secret that came in the query or in the body', () => {
    const conclusion = outcomeReader(byStatus)(
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
    expect(conclusion).toMatchObject({ message: '*** *** *** pass-in-form event-7' });
    expect(JSON.stringify(conclusion)).not.toMatch(/hunter2|aHVudGVy|key-in-query|pin/);
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
    const conclusion = outcomeReader(byStatus)(reply(400, { message: `no such: s:${PIN}` }), {
      headers: {},
      ...request,
    });
    expect(JSON.stringify(conclusion)).not.toContain(PIN);
    expect(conclusion).toHaveProperty('message', expect.stringMatching(/^no such: (s:)?\*\*\*$/));
  });

  it('takes no time to mask, whatever the server writes', () => {
    // With unbounded repetitions, a text that is nearly a secret field took minutes.
    const conclusion = conclude(reply(400, { message: `"${'token'.repeat(200_000)}` }));
    expect(conclusion).toMatchObject({ outcome: 'fail' });
    const long = conclude(reply(400, `{"token":"${'a'.repeat(4_000_000)}`));
    expect(long.answer).toMatchObject({ body: '{"token":"***"' });
    const deep = conclude(reply(400, `${'{"token":['.repeat(200_000)}1${']}'.repeat(200_000)}`));
    expect(deep).toMatchObject({ outcome: 'fail' });
  });

  it('keeps the words around a secret: the name of a cookie, the scheme of credentials', () => {
    const conclusion = conclude(reply(201, { order_id: 'booking-Bearer-1' }), {
      authorization: 'Bearer 0123456789',
      cookie: 'booking=abcdef123',
    });
    expect(conclusion).toMatchObject({ orderId: 'booking-Bearer-1' });
  });
});
