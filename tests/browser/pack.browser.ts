import { beforeAll, describe, expect, test } from 'vitest';
import { packOf, renderPackHtml, type ScenarioEnding, verdictFileOf } from '../../reports/index.ts';
import * as samples from '../reports/samples.ts';
import { type Opened, problemsOn, useBrowser, widthOf } from './pages.ts';

const { keep } = useBrowser();

const judged = (report = samples.passing()): ScenarioEnding => ({ kind: 'judged', verdict: verdictFileOf(report) });
const ENDINGS: Readonly<Record<string, ScenarioEnding>> = {
  'order-race': judged(),
  'hold-confirm': judged(samples.doubleBooked()),
  'cancel-rebook': judged(samples.inconclusive()),
  coupon: { kind: 'broken', exitCode: 11, problem: 'the run left no verdict' },
};
const PACK = packOf({
  env: 'demo',
  startedAt: '2026-01-02T03:04:05.000Z',
  durationMs: 12_345,
  command: './run-order-race-test.sh --scenario all demo',
  runs: Object.entries(ENDINGS).map(([scenario, ending]) => ({
    scenario,
    hypothesis: 'Whoever is refused was refused because somebody else has it, however many people ask at once.',
    ending,
    files: { html: `${scenario}.html`, verdict: `${scenario}.verdict.json`, junit: `${scenario}.junit.xml` },
  })),
  leftOut: [{ scenario: 'allocation', reason: 'variables.venueId is missing in this environment' }],
});

describe('the index of several scenarios', () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await keep(renderPackHtml(PACK));
  });
  const names = () => opened.page.locator('tbody th strong').allTextContents();

  test('sends no request and throws no error', () => {
    expect(opened.events).toEqual([]);
  });

  test('gives each verdict its colour', async () => {
    const colourOf = (word: string) =>
      opened.page.evaluate<string>(
        `getComputedStyle([...document.querySelectorAll('td strong')].find((each) => each.textContent === '${word}')).color`,
      );
    expect(await Promise.all(['PASS', 'FAIL', 'INCONCLUSIVE', 'BROKEN'].map(colourOf))).toEqual([
      'rgb(18, 112, 60)',
      'rgb(179, 38, 30)',
      'rgb(138, 83, 0)',
      'rgb(138, 83, 0)',
    ]);
  });

  test('sorts by each column, upwards and downwards, by mouse and by keyboard', async () => {
    const { page } = opened;
    await page.getByRole('columnheader', { name: 'Scenario' }).getByRole('button').click();
    expect(await names()).toEqual(['cancel-rebook', 'coupon', 'hold-confirm', 'order-race']);
    const requests = page.getByRole('columnheader', { name: 'Requests' });
    await requests.getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await names()).toEqual(['cancel-rebook', 'hold-confirm', 'order-race', 'coupon']);
    expect(await requests.getAttribute('aria-sort')).toBe('ascending');
    await page.keyboard.press('Enter');
    expect(await names()).toEqual(['order-race', 'hold-confirm', 'cancel-rebook', 'coupon']);
  });

  test.each([360, 390, 768, 1280])('fits a page of %i px: name, verdict and findings are in sight', async (width) => {
    const { page } = opened;
    await page.setViewportSize({ width, height: 740 });
    expect(await widthOf(page)).toBe(width);
    for (const cell of await page.locator('tbody tr > :is(th, td):not(.minor)').all()) {
      const box = await cell.boundingBox();
      expect((box?.x ?? Infinity) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
    }
  });

  test.each(['light', 'dark'] as const)('has nothing against it from axe when it is %s', async (colorScheme) => {
    await opened.page.emulateMedia({ colorScheme });
    for (const width of [360, 1280]) {
      await opened.page.setViewportSize({ width, height: 740 });
      expect(await problemsOn(opened.page)).toEqual([]);
    }
  });
});
