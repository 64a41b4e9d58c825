import { describe, expect, it } from 'vitest';
import { createBlotter, createSharedSecrets } from '../../plugin/src/recording/index.ts';
import { secretNames } from '../../plugin/src/recording/secrets/names.ts';

const knowing = (...secrets: readonly string[]) => {
  const blotter = createBlotter();
  blotter.learn(blotter.find.inValues({ tokens: secrets }));
  return blotter;
};

describe('the name of a secret', () => {
  const secrecyOf = secretNames();

  it.each(
    'token access_token refreshToken password new-password passwd pwd api_key apiKey x-api-key client_secret csrf_token _csrf xsrf otp pin PIN cvv cvc card cardNumber credit_card iban ssn jwt bearer signature sig credentials authorization x-auth-user sid PHPSESSID nonce'.split(
      ' ',
    ),
  )('is %s', (name) => {
    expect(secrecyOf(name, 'field')).toBe('secret');
  });

  it.each(
    'seat seat_id order_id orderId key code id name email idempotency-key Idempotency-Key token_type tokenType expires_in password_required card_type shipping author event_id status message units www-authenticate'.split(
      ' ',
    ),
  )('is not %s', (name) => {
    expect(secrecyOf(name, 'field')).toBe('public');
  });

  it.each(['session', 'session_id', 'sessionId', 'user_pass'])('may be %s, if the value looks random', (name) => {
    expect(secrecyOf(name, 'field')).toBe('likely');
    expect(secrecyOf(name, 'header')).toBe('secret');
    expect(secrecyOf(`J${name}`, 'cookie')).toBe('secret');
  });
});

describe('what is blotted', () => {
  it.each<[string, string, string]>([
    ['a short one where it stands alone', 'pin 4711, order 147113 of 4711-x', 'pin ***, order 147113 of ***-x'],
    ['a longer one wherever it stands', 'xabc-def-1x ABC', 'x***x ABC'],
    ['neighbours as one', 'abc-def-1abc-def-1', '***'],
    ['one within another', 'abc-def-1-more', '***'],
    [
      'the value of a field that is named like a secret',
      'said {"otp": 1234, "api_key":"x"}',
      'said {"otp": "***", "api_key":"***"}',
    ],
    ['not what only looks alike', 'abc-def-2 47110', 'abc-def-2 47110'],
  ])('%s', (_what, text, expected) => {
    expect(knowing('4711', 'abc-def-1', 'abc-def-1-more').text(text)).toBe(expected);
  });

  it('is nothing that stands in any text: words such as true, and words of three letters', () => {
    expect(knowing('true', 'null', 'abc', 'Bearer').text('true null abc Bearer')).toBe('true null abc Bearer');
  });

  it('is found before the text is cut, at any size', () => {
    const blotter = knowing('abc-def-1');
    expect(blotter.text(`${'x'.repeat(195)}abc-def-1`, 200)).toBe(`${'x'.repeat(195)}***`);
    const huge = 'abc-def-1'.repeat(1_000_000);
    expect(blotter.text(huge, 1000)).toBe('***');
    expect(blotter.text(`${'%'.repeat(3_000_000)}abc`, 10)).toBe('%%%%%%%%%%');
  });

  it('is also the beginning of a secret, where the end of a text was lost', () => {
    const blotter = knowing('abc-def-1+ghi', 'abc-xyz-2-ghi');
    expect(blotter.text('no: abc-def-1%2', 200, true)).toBe('no: ***');
    expect(blotter.text('no: abc-def-1%2Bg', 200, true)).toBe('no: ***');
    expect(blotter.text('no: abc-xyz', 200, true)).toBe('no: ***');
    expect(blotter.text('no: abc-xyz', 200)).toBe('no: abc-xyz');
    expect(blotter.text('no: abc-xyz and more', 200, true)).toBe('no: abc-xyz and more');
  });

  it('is what any thread has learnt, and never in a file: the key and the secrets are in shared memory', () => {
    const shared = createSharedSecrets();
    const [one, two] = [createBlotter({ shared }), createBlotter({ shared })];
    const secrets = Array.from({ length: 5000 }, (_, index) => `secret-of-vu-${index}`);
    one.learn(one.find.inValues({ tokens: secrets.slice(0, 100) }));
    for (const secret of secrets) one.sent({ headers: { authorization: `Bearer ${secret}` } });
    expect(two.text(`${secrets[0]} ${secrets[4999]} secret-of-vu-5000`)).toBe('*** *** ***0');
    expect(two.id('7-secret-of-vu-12')).toBe(one.id('7-secret-of-vu-12'));
  });
});

describe('an id', () => {
  it('keeps what may be seen, and stays different from others by a digest under the key of the run', () => {
    const [one, other] = [knowing('abc-def-1', 'abc-def-2'), knowing('abc-def-1')];
    const ids = ['abc-def-1-A1', 'abc-def-2-A1'].map(one.id);
    for (const id of ids) expect(id).toMatch(/^\*\*\*-A1#[0-9a-f]{64}$/);
    expect(ids[0]).not.toBe(ids[1]);
    expect(one.id('abc-def-1-A1')).toBe(ids[0]);
    expect(other.id('abc-def-1-A1')).not.toBe(ids[0]);
    expect(one.id('order-7')).toBe('order-7');
  });

  it('that the history holds as it is stays so, also if a cookie is that id later', () => {
    const blotter = createBlotter();
    expect(blotter.id('order-12345')).toBe('order-12345');
    blotter.keep(['order-67890']);
    blotter.sent({ headers: { cookie: 'last=order-12345; other=order-67890' } });
    expect(['order-12345', 'order-67890'].map(blotter.id)).toEqual(['order-12345', 'order-67890']);
  });
});
