import { expect, test } from 'vitest';
import { createIdentities } from '../../plugin/src/artillery/worker/identities.ts';

test('the same authorization is the same number, and no number says what it is', () => {
  const identityOf = createIdentities();
  const told = ['Bearer a', 'Bearer b', 'Bearer a'].map((authorization) => identityOf({ authorization }));
  expect(told).toEqual([1, 2, 1]);
});

test('without it, the cookies tell who it is, and without either nothing does', () => {
  const identityOf = createIdentities();
  expect([identityOf({ cookie: 'sid=1' }), identityOf({ cookie: 'sid=2' }), identityOf({})]).toEqual([1, 2, undefined]);
  // Other cookies do not make another user.
  expect(identityOf({ authorization: 'x', cookie: 'a=1' })).toBe(identityOf({ authorization: 'x', cookie: 'a=2' }));
});
