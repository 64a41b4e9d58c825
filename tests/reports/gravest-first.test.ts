import { expect, test } from 'vitest';
import type { Finding, FindingId } from '../../model/index.ts';
import { gravestFirst } from '../../reports/gravest-first.ts';

const finding = (id: FindingId, severity: Finding['severity'] = 'doubt'): Finding => ({
  id,
  severity,
  message: id,
  witness: [],
});
const order = (findings: readonly Finding[], ended?: 'interrupted') =>
  gravestFirst({ findings, ...(ended && { ended }) }).map(({ id }) => id);

test('a suite that is blind is the first doubt, because the others follow from it', () => {
  const findings = [finding('untold-booking'), finding('indeterminate'), finding('blind-suite')];
  expect(order(findings)).toEqual(['blind-suite', 'untold-booking', 'indeterminate']);
});

test('a violation comes before it, and so does the end of a run that was cut short', () => {
  const findings = [finding('blind-suite'), finding('incomplete'), finding('double-booking', 'violation')];
  expect(order(findings)).toEqual(['double-booking', 'blind-suite', 'incomplete']);
  expect(order(findings, 'interrupted')).toEqual(['double-booking', 'incomplete', 'blind-suite']);
});
