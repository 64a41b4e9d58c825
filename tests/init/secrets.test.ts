import { expect, test } from 'vitest';
import { isSecret } from '../../plugin/src/init/secrets.ts';

test.each([
  ['token', false],
  ['a8f5f167f44f4964', true],
])('the part %s of a path, behind "oauth", is a secret: %s', (value, expected) => {
  expect(isSecret({ in: 'path', name: 'oauth', path: `/oauth/[${value}]`, value })).toBe(expected);
});
