import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { compareRuns, makeStyle, type Report, renderComparison } from '../../reports/index.ts';
import { doubleBooked, hostile, inconclusive, passing } from './samples.ts';

const plain = makeStyle({ colour: false, unicode: true, columns: 80 });
const compare = (...reports: Report[]) =>
  compareRuns(reports.map((file, index) => ({ name: `run-${index + 1}`, file })));
const changes = (...reports: Report[]) => {
  const { figures, findings } = compare(...reports);
  return Object.fromEntries([...figures, ...findings].map((figure) => [figure.name, figure.changes[0]]));
};

describe('two runs side by side', () => {
  test('a fixed double booking is better, in the verdict and in the findings', () => {
    expect(changes(doubleBooked(), passing(4))).toMatchObject({
      Verdict: 'better',
      'Over- or undersold': 'better',
      'double-booking': 'better',
      Refusals: 'other',
      Successes: 'other',
      Requests: 'same',
    });
  });

  test('the other way round it is worse', () => {
    expect(changes(passing(4), doubleBooked())).toMatchObject({ Verdict: 'worse', 'double-booking': 'worse' });
  });

  test('a run against itself is the same', () => {
    expect(new Set(Object.values(changes(passing(), passing())))).toEqual(new Set(['same']));
  });

  test('times that differ by less than a tenth are the same', () => {
    const timed = (p95: number): Report => ({ ...passing(), responseTimeMs: { p50: 1, p95, p99: 1, max: 1 } });
    expect(changes(timed(100), timed(109)).p95).toBe('same');
    expect(changes(timed(100), timed(120)).p95).toBe('worse');
    expect(changes(timed(100), timed(80)).p95).toBe('better');
  });

  test('times are compared only between runs that both passed', () => {
    expect(changes(doubleBooked(), passing(4)).p95).toBe('other');
    expect(changes(passing(4), { ...doubleBooked(), responseTimeMs: { p50: 1, p95: 1, p99: 1, max: 1 } }).p95).toBe(
      'other',
    );
  });

  test('a figure that was not measured is neither better nor worse', () => {
    const unmeasured: Report = {
      ...passing(),
      responseTimeMs: { p50: undefined, p95: undefined, p99: undefined, max: undefined },
    };
    expect(changes(passing(), unmeasured).p95).toBe('other');
    expect(changes(unmeasured, unmeasured).p95).toBe('same');
  });

  test('runs that cannot be compared like for like have caveats', () => {
    expect(compare(passing(), { ...passing(4), target: 'http://elsewhere' }).caveats).toEqual([
      'The targets differ.',
      'The races differ in size.',
    ]);
    expect(compare(passing(), passing()).caveats).toEqual([]);
  });
});

describe('on the console', () => {
  test('it is as it was', async () => {
    const text = renderComparison(compare(doubleBooked(), passing(4), inconclusive()), plain);
    await expect(`${text}\n`).toMatchFileSnapshot('golden/comparison.console.txt');
  });

  test.each([80, 120])('two runs keep to %i columns', (columns) => {
    const text = renderComparison(
      compare(doubleBooked(), passing(4)),
      makeStyle({ colour: true, unicode: true, columns }),
    );
    for (const line of text.split('\n')) expect(stringWidth(line), line).toBeLessThanOrEqual(columns);
  });

  test('works in ASCII, and contains no terminal escapes of a hostile server', () => {
    const text = renderComparison(
      compare(passing(), hostile()),
      makeStyle({ colour: false, unicode: false, columns: 80 }),
    );
    expect(text).toMatch(/^[\n -~]*$/);
  });
});
