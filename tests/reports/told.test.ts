import { describe, expect, test } from 'vitest';
import type { Conclusion } from '../../model/index.ts';
import { renderJunit, renderMarkdown, verdictFileOf } from '../../reports/index.ts';
import { toldBy, toldText } from '../../reports/told.ts';
import { refused, round, times } from '../support/histories.ts';
import { reported, summaryText, unclear } from './samples.ts';

const LOCKED = (index: number) => refused(400, `Seat A is already locked by user ${index}`);

describe('refusals', () => {
  test('are one if they say the same, ids, numbers and the key of the inventory aside', () => {
    const told = toldBy(
      round(
        1,
        'A',
        Array.from({ length: 12 }, (_, index) => LOCKED(index)),
      ),
    );
    expect(told).toEqual([{ status: 400, text: 'Seat … is already locked by user …', count: 12 }]);
  });

  test('of different kinds are listed by how often they came', () => {
    const attempts = round(1, 'A', [
      ...times(190, () => refused(400, 'FATAL: sorry, too many clients already')),
      ...times(1565, () => refused(400, 'already locked')),
    ]);
    expect(toldText(toldBy(attempts))).toBe('1,565 × already locked · 190 × FATAL: sorry, too many clients already');
  });

  test('have their status where the text is the same, or says nothing', () => {
    const silent: Conclusion = {
      outcome: 'fail',
      reason: 'lost',
      answer: { kind: 'answered', status: 423, body: '', bodyBytes: 0 },
    };
    const attempts = round(1, 'A', [
      ...times(3, () => refused(409, 'taken')),
      ...times(2, () => refused(400, 'taken')),
      silent,
    ]);
    expect(toldText(toldBy(attempts))).toBe('3 × 409 taken · 2 × 400 taken · 1 × 423');
  });

  test('of many kinds fit on a line', () => {
    const attempts = round(
      1,
      'A',
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((letter) => refused(400, `because of ${letter}${letter}`)),
    );
    expect(toldText(toldBy(attempts))).toMatch(/^1 × because of aa .* 1 × because of ee · 2 × something else$/);
  });

  test('show the body where no message was found', () => {
    const { message: _, ...bare } = refused(400, 'x') as Conclusion & { readonly message?: string };
    const answer = { kind: 'answered', status: 400, body: 'Seat is gone', bodyBytes: 12 } as const;
    expect(toldBy(round(1, 'A', [{ ...bare, answer } as Conclusion]))).toEqual([
      { status: 400, text: 'Seat is gone', count: 1 },
    ]);
  });

  test('are in every report, and in the verdict file', () => {
    const report = reported([...times(2, () => refused(400, 'already locked')), refused(400, 'too many clients')]);
    expect(verdictFileOf(report).refusals).toEqual([
      { status: 400, text: 'already locked', count: 2 },
      { status: 400, text: 'too many clients', count: 1 },
    ]);
    const line = '2 × already locked · 1 × too many clients';
    expect(summaryText(report)).toContain(`Refusals       ${line}`);
    expect(renderMarkdown(report)).toContain(`- Refusals: ${line}`);
    expect(renderJunit(report)).toContain(`<property name="refusals" value="${line}"/>`);
  });
});

test('what fits neither condition, or both, is in every report, with its status', () => {
  const said = 'You did not select any products.';
  const report = reported([...times(2, () => unclear('unrecognised', said)), unclear('ambiguous', said)]);
  expect(verdictFileOf(report)).toMatchObject({ refusals: [], unrecognised: [{ status: 200, text: said, count: 3 }] });
  const line = `3 × 200 ${said}`;
  expect(summaryText(report)).toMatch(new RegExp(`Not recognised +${line}`));
  expect(renderMarkdown(report)).toContain(`- Not recognised: ${line}`);
  expect(renderJunit(report)).toContain(`<property name="unrecognised" value="${line}"/>`);
});
