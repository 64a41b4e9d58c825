import { expect, test } from 'vitest';
import { FINDING_ORDER, TROUBLESHOOTING, troubleshootingFor } from '../../reports/troubleshooting.ts';
import { doubleBooked, passing } from './samples.ts';

test.each(FINDING_ORDER)('%s: has a title, a cause and a fix', (id) => {
  const { title, causes, fixes } = TROUBLESHOOTING[id];
  expect(title).not.toBe('');
  expect(causes.length).toBeGreaterThan(0);
  expect(fixes.length).toBeGreaterThan(0);
});

test('each entry that applies comes once, in the same order whatever the order of the findings', () => {
  const { findings } = doubleBooked();
  const ids = (list: typeof findings) => troubleshootingFor(list).map(({ id }) => id);
  expect(ids(findings)).toEqual(['double-booking', 'slow']);
  expect(ids(findings.toReversed())).toEqual(['double-booking', 'slow']);
});

test('a pass needs no help', () => {
  expect(troubleshootingFor(passing().findings)).toEqual([]);
});
