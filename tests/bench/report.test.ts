import { describe, expect, it } from 'vitest';
import { withSection } from '../../bench/report/files.ts';
import { ms, table, times } from '../../bench/report/markdown.ts';
import { stripChart } from '../../bench/report/strip-chart.ts';

describe('the page of the benchmarks', () => {
  const page = 'a\n<!-- x -->\nold\n<!-- /x -->\nb\n<!-- y -->\n<!-- /y -->\n';

  it('gets a new section and keeps the rest', () => {
    const once = withSection(page, 'x', 'new\n');
    expect(once).toBe('a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb\n<!-- y -->\n<!-- /y -->\n');
    expect(withSection(once, 'x', 'new')).toBe(once);
  });

  it('must have the section', () => {
    expect(() => withSection(page, 'z', 'new')).toThrow('<!-- z -->');
  });

  it('shows figures with about three digits', () => {
    expect([0, 0.714, 1.3, 24.26, 1118.4, Number.NaN].map(ms)).toEqual(['0', '0.71', '1.30', '24.3', '1,118', '–']);
    expect(times(Number.NaN)).toBe('–');
    expect(table(['', 'b'], [['c', 'd']])).toBe('|  | b |\n| --- | ---: |\n| c | d |');
  });
});

describe('stripChart', () => {
  it('draws a dot inside the chart for every value, even for 0', () => {
    const svg = stripChart('a < b', [
      { panel: 'p', title: 'nothing', values: [], isOurs: false },
      { panel: 'p', title: 'ours', values: [0, 0.5, 1200], isOurs: true },
    ]);
    const dots = [...svg.matchAll(/cx="([\d.]+)"/g)].map((match) => Number(match[1]));
    expect(dots).toHaveLength(3);
    expect(dots.toSorted((a, b) => a - b)).toEqual(dots);
    expect(Math.max(...dots)).toBeLessThan(860);
    expect(svg).toContain('a &lt; b');
    expect(svg).not.toContain('NaN');
  });
});
