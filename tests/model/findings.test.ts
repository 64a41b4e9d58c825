import { expect, test } from 'vitest';
import { FINDINGS, kindsOf } from '../../model/index.ts';

test.each(FINDINGS)('$id: has a title, a cause and a fix', ({ title, causes, fixes }) => {
  expect(title).not.toBe('');
  expect(causes.length).toBeGreaterThan(0);
  expect(fixes.length).toBeGreaterThan(0);
});

test('each kind comes once, the gravest first, whatever the order of the findings', () => {
  const ids = (...found: Parameters<typeof kindsOf>[0]) => kindsOf(found).map(({ id }) => id);
  expect(ids({ id: 'double-booking' }, { id: 'slow' }, { id: 'double-booking' })).toEqual(['double-booking', 'slow']);
  expect(ids({ id: 'slow' }, { id: 'double-booking' })).toEqual(['double-booking', 'slow']);
});

test('no finding needs no help', () => {
  expect(kindsOf([])).toEqual([]);
});
