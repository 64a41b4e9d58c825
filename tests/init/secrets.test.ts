import { expect, test } from 'vitest';
import { draftOf } from '../../plugin/src/init/draft.ts';
import { isSecret, Vault, withoutSecrets } from '../../plugin/src/init/secrets.ts';

test.each([
  ['token', false],
  ['a8f5f167f44f4964', true],
])('the part %s of a path, behind "oauth", is a secret: %s', (value, expected) => {
  expect(isSecret({ in: 'path', name: 'oauth', path: `/oauth/[${value}]`, value })).toBe(expected);
});

test('the password in a SOAP envelope is a secret, and its name is not', () => {
  const text = '<s:Envelope><wsse:Password Type="x#Text">open sesame 1</wsse:Password><seat>A1</seat></s:Envelope>';
  const request = { name: '', method: 'POST', url: 'https://shop.example', headers: [] };
  const vault = new Vault('SHOP');
  const { body } = withoutSecrets(draftOf({ ...request, body: { kind: 'text', text } }), vault);
  expect([...vault.values.values()]).toEqual(['open sesame 1']);
  expect(body).toMatchObject({
    text: '<s:Envelope><wsse:Password Type="x#Text">{{ $env.SHOP_SECRET }}</wsse:Password><seat>A1</seat></s:Envelope>',
  });
});
