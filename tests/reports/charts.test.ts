import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { densityPath } from '../../reports/charts/density.ts';
import { percentage, representatives } from '../../reports/charts/geometry.ts';
import { type Lane, lanesChart } from '../../reports/charts/lanes.ts';
import { responseTimeChart } from '../../reports/charts/response-times.ts';
import { spreadChart } from '../../reports/charts/spread.ts';
import { statusChart } from '../../reports/charts/statuses.ts';
import { doubleBooked, heldThenConfirmed, inconclusive, passing } from './samples.ts';

const shareOf = (length: string) => Number.parseFloat(length) / 100;

describe('a length', () => {
  test('is a share of the drawing, and never outside of it', () => {
    expect([-1, 0, 0.12345, 1, 7].map((share) => percentage(share))).toEqual(['0%', '0%', '12.3%', '100%', '100%']);
  });
});

describe('representatives', () => {
  test('are all items if there are few, and the heaviest of each group if there are many', () => {
    expect(representatives([3, 1, 2], 3, (item) => item)).toEqual([3, 1, 2]);
    expect(representatives([3, 1, 2, 5, 4], 3, (item) => item)).toEqual([3, 5, 4]);
  });

  test('always include the heaviest item, and never exceed the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), fc.integer({ min: 1, max: 10 }), (items, limit) => {
        const shown = representatives(items, limit, (item) => item);
        expect(shown.length).toBeLessThanOrEqual(limit);
        expect(Math.max(...shown)).toBe(Math.max(...items));
      }),
    );
  });
});

describe('lanes', () => {
  const options = { caption: 'Operations', head: 'Client', figures: [], note: 'Operation' };
  const lane = (fromMs: number, toMs: number, kind: Lane['marks'][number]['kind']): Lane => ({
    label: 'A',
    spans: [{ fromMs, toMs, kind: 'waiting', text: 'book' }],
    marks: [{ atMs: toMs, kind }],
    isProminent: false,
    figures: [],
    note: '',
  });

  test('share one axis, on which order is kept', () => {
    const { lanes, ticks } = lanesChart([lane(0, 10, 'booked'), lane(5, 20, 'refused')], options);
    expect(lanes.map(({ spans, marks }) => [spans[0]?.x, spans[0]?.width, marks[0]?.x])).toEqual([
      ['1%', '46.5%', '47.5%'],
      ['24.3%', '69.8%', '94%'],
    ]);
    expect(ticks.map(({ label }) => label)).toEqual(['0', '5', '10', '15', '20']);
  });

  test('that timed out leave room for those that were answered', () => {
    const { lanes } = lanesChart([lane(0, 20, 'booked'), lane(0, 10_000, 'unknown')], options);
    expect(shareOf(lanes[0]?.marks[0]?.x ?? '')).toBeGreaterThan(0.5);
    expect(lanes[1]?.marks[0]?.x).toBe('94%');
  });

  test('hold the operations of one client, with what they were', () => {
    const two: Lane = {
      ...lane(0, 1, 'point'),
      spans: [
        { fromMs: 0, toMs: 1, kind: 'active', text: 'book' },
        { fromMs: 2, toMs: 3, kind: 'active', text: 'read' },
      ],
    };
    const [only] = lanesChart([two], options).lanes;
    expect(only?.spans.map(({ text }) => text)).toEqual(['book', 'read']);
    expect(only?.marks).toEqual([{ x: '32%', kind: 'point', glyph: '●' }]);
  });

  test('may be empty', () => {
    expect(lanesChart([], options).lanes).toEqual([]);
  });
});

describe('a density', () => {
  test('rises where there are values, and falls back to the baseline', () => {
    expect(densityPath([0, 1, 9], [0, 10], 5)).toBe('M0 20V0H1V20H4V9.5H5V20Z');
    expect(densityPath([], [0, 10], 5)).toBe('');
  });

  test('shows even one value among a million', () => {
    const values = [...Array.from({ length: 100_000 }, () => 0), 99];
    expect(densityPath(values, [0, 100], 10)).toBe('M0 20V0H1V20H9V19H10V20Z');
  });
});

describe('the spread of every round', () => {
  test('is drawn with its limit, and what exceeds the limit lies above it', () => {
    const report = passing(3, 10);
    const rounds = report.rounds.map((round, index) => ({ ...round, spreadMs: [0, 5, 80][index] }));
    const chart = spreadChart({ ...report, rounds });
    expect(chart?.points.map(({ isOver, title }) => [isOver, title])).toEqual([
      [false, 'seat 1: 0 ms'],
      [false, 'seat 2: 5.0 ms'],
      [true, 'seat 3: 80.0 ms'],
    ]);
    const [none, five, eighty] = chart?.points.map(({ y }) => shareOf(y)) ?? [];
    const limit = shareOf(chart?.limit.at ?? '');
    expect([none, five, limit, eighty].every((y, index, all) => index === 0 || (y ?? 0) < (all[index - 1] ?? 0))).toBe(
      true,
    );
    expect(chart?.summary).toContain('1 above the limit of 50 ms');
  });

  test('that was planned does not exceed the limit: the chart shows how far each release was off its plan', () => {
    const chart = spreadChart(heldThenConfirmed());
    expect(chart?.points.map(({ isOver, title }) => [isOver, title])).toEqual([
      [false, 'round 1: 0.38 ms'],
      [false, 'round 2: 0.38 ms'],
      [false, 'round 3: 120 ms (planned 120 ms, kept within 0.25 ms)'],
      [false, 'round 4: 120 ms (planned 120 ms, kept within 0.25 ms)'],
    ]);
    expect(chart?.summary).toContain('all within the limit of 50 ms. At offsets:');
  });

  test('is not drawn if no attempt was released', () => {
    expect(spreadChart({ ...passing(1, 2), rounds: [] })).toBeUndefined();
  });
});

describe('the statuses of every round', () => {
  test('fill the bar of the round, even with attempts that got no answer', () => {
    const chart = statusChart(inconclusive());
    const heights = chart?.bars.map(({ parts }) => parts.reduce((sum, { height }) => sum + shareOf(height), 0));
    expect(heights?.map((sum) => Number(sum.toFixed(2)))).toEqual([1, 1, 0]);
    expect(chart?.bars.map(({ title }) => title)).toEqual([
      'seat 1: 201 × 1, 409 × 9',
      'seat 2: 201 × 1, 400 × 7, no answer × 2',
      'seat 3: nothing was sent',
    ]);
    expect(chart?.series.map(({ status, kind }) => [status, kind])).toEqual([
      ['201', 's2'],
      ['400', 's4'],
      ['409', 's4 shade-2'],
      ['no answer', 'none'],
    ]);
  });
});

describe('response times', () => {
  test('of winners and losers are two histograms on one axis', () => {
    const chart = responseTimeChart(doubleBooked());
    expect(chart?.rows.map(({ name, summary }) => `${name} ${summary}`)).toEqual([
      'Winners 7: median 20.2 ms, slowest 20.4 ms',
      'Losers 393: median 25.0 ms, slowest 29.6 ms',
    ]);
    expect(chart?.p95.label).toBe('p95 29.1 ms');
  });
});
