import { beforeAll, describe, expect, test } from 'vitest';
import { closeAll, htmlOf, numbersIn, type Opened, openAll, REPORTS, unfold, useBrowser, widthOf } from './pages.ts';

const { open, keep } = useBrowser();

/** The printable part of an A4 page, in CSS pixels: the style sheet wants margins of 12 mm. */
const PAPER = { width: 703, height: 1032 };

describe.each(Object.keys(REPORTS))('the report of a run, opened from the disk: %s', (name) => {
  const rounds = REPORTS[name]?.rounds.length ?? 0;
  let opened: Opened;
  beforeAll(async () => {
    opened = await keep(htmlOf(name));
  });

  test('sends no request, throws no error, and opens no dialog', async () => {
    expect(await opened.page.locator('h1').count()).toBe(1);
    expect(opened.events).toEqual([]);
  });

  test.each([360, 768, 1280])('fits a page of %i px, folded and open', async (width) => {
    const { page } = opened;
    await page.setViewportSize({ width, height: 740 });
    await closeAll(page);
    expect(await widthOf(page)).toBe(width);
    await openAll(page);
    expect(await widthOf(page)).toBe(width);
  });

  test.each([360, 700, 1100, 1280])('keeps its tables apart on a page of %i px', async (width) => {
    const { page } = opened;
    await page.setViewportSize({ width, height: 800 });
    await unfold(page);
    const boxesOf = (selector: string) =>
      page.evaluate<{ readonly x: number; readonly y: number; readonly width: number; readonly height: number }[]>(
        `[...document.querySelectorAll('${selector}')].map((each) => each.getBoundingClientRect().toJSON())`,
      );
    const [first, ...others] = await boxesOf('details:has(#figures) > .columns > *');
    expect(others).toHaveLength(2);
    for (const { x, width: tableWidth } of await boxesOf('details:has(#figures) > .columns table')) {
      expect(x + tableWidth).toBeLessThanOrEqual(width);
    }
    for (const { x, y, width: tableWidth } of others) {
      expect(x + tableWidth).toBeLessThanOrEqual(width);
      expect(x >= (first?.x ?? 0) + (first?.width ?? 0) || y >= (first?.y ?? 0) + (first?.height ?? 0)).toBe(true);
    }
    const [second, third] = others;
    expect((third?.x ?? 0) >= (second?.x ?? 0) + (second?.width ?? 0) || (third?.y ?? 0) > (second?.y ?? 0)).toBe(true);
  });

  test('prints every row, without the controls of the screen, and without holes', async () => {
    const { page } = opened;
    await page.setViewportSize(PAPER);
    await closeAll(page);
    await page.emulateMedia({ media: 'print' });
    expect(await numbersIn(page)).toHaveLength(rounds);
    expect(await page.locator('.controls').isVisible()).toBe(false);
    const height = await page.evaluate<number>('document.documentElement.scrollHeight');
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    expect(pdf.slice(0, 5)).toBe('%PDF-');
    // What is kept together may leave a fifth of a page empty, and the last page ends early.
    expect(pdf.match(/\/Type \/Page\b/g)?.length).toBeLessThanOrEqual(Math.ceil((1.25 * height) / PAPER.height) + 1);
    await page.emulateMedia({ media: 'screen' });
  });

  test('says the same with scripts off', async () => {
    const { page } = await open(htmlOf(name), { javaScriptEnabled: false });
    await page.locator('summary:has(#rounds)').click();
    expect(await numbersIn(page)).toHaveLength(rounds);
    expect(await page.locator('.controls').isVisible()).toBe(false);
    await page.locator('.rounds summary').first().click();
    expect(await page.locator('#seat-1').isVisible()).toBe(true);
    expect(await page.locator('#seat-1').textContent()).toContain('requests, released within');
  });
});
