import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Report, renderHtml } from '../../reports/index.ts';
import { startChromium } from '../../tools/chromium.ts';
import * as samples from '../reports/samples.ts';

const REPORTS: Readonly<Record<string, Report>> = {
  pass: samples.passing(),
  'double-booking': samples.doubleBooked(),
  inconclusive: samples.inconclusive(),
  hostile: samples.hostile(),
  contradiction: samples.judged(samples.HOLD_BROKEN),
  'two rounds a seat': samples.heldThenConfirmed(),
};
const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'report-'));
let browser: Browser;
const pages: Page[] = [];

beforeAll(async () => {
  browser = await startChromium();
  for (const [name, report] of Object.entries(REPORTS)) fs.writeFileSync(fileOf(name), renderHtml(report));
});
afterEach(() => Promise.all(pages.splice(0).map((page) => page.context().close())));
afterAll(async () => {
  await browser.close();
  fs.rmSync(dir, { recursive: true });
});

const fileOf = (name: string) => path.join(dir, `${name}.html`);

/** Opens a report from the disk, and collects its console messages, errors, dialogs and requests. */
async function open(name: string, options: BrowserContextOptions = {}, fragment = '') {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  pages.push(page);
  const events: string[] = [];
  page.on('console', (message) => events.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => events.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => events.push(`dialog: ${dialog.message()}`));
  page.on('request', (request) => {
    if (!request.isNavigationRequest()) events.push(`request: ${request.url()}`);
  });
  await page.goto(pathToFileURL(fileOf(name)).href + fragment);
  return { page, events };
}

const widthOf = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth');
const numbersIn = (page: Page) => page.locator('.rounds > tbody:visible > tr:first-child > th').allTextContents();

const openAll = (page: Page) =>
  page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true");
const unfold = (page: Page) => page.evaluate("for (const fold of document.querySelectorAll('.fold')) fold.open = true");

/** What every rule of axe finds, and the elements that have it. */
async function problemsOn(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

describe.each(Object.keys(REPORTS))('the report of a run, opened from the disk: %s', (name) => {
  test('sends no request, throws no error, and opens no dialog', async () => {
    const { page, events } = await open(name);
    expect(await page.locator('h1').count()).toBe(1);
    expect(events).toEqual([]);
  });

  test.each(['light', 'dark'] as const)(
    'has nothing against it from axe, folded and open, when it is %s',
    async (colorScheme) => {
      const { page } = await open(name, { colorScheme });
      expect(await problemsOn(page)).toEqual([]);
      await openAll(page);
      expect(await problemsOn(page)).toEqual([]);
    },
  );

  test.each([360, 700, 1100, 1280])('keeps its tables apart on a page of %i px', async (width) => {
    const { page } = await open(name, { viewport: { width, height: 800 } });
    await unfold(page);
    const boxesOf = async (selector: string) => {
      const boxes = await Promise.all((await page.locator(selector).all()).map((table) => table.boundingBox()));
      return boxes.flatMap((box) => box ?? []);
    };
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

  test.each([360, 768, 1280])('fits a page of %i px, folded and open', async (width) => {
    const { page } = await open(name, { viewport: { width, height: 740 } });
    expect(await widthOf(page)).toBe(width);
    await openAll(page);
    expect(await widthOf(page)).toBe(width);
    expect(await problemsOn(page)).toEqual([]);
  });

  test('prints every row, without the controls of the screen', async () => {
    const { page } = await open(name);
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
    await page.emulateMedia({ media: 'print' });
    expect(await numbersIn(page)).toHaveLength(REPORTS[name]?.rounds.length ?? 0);
    expect(await page.locator('.controls').isVisible()).toBe(false);
  });

  test('says the same with scripts off', async () => {
    const { page } = await open(name, { javaScriptEnabled: false });
    await page.locator('summary:has(#rounds)').click();
    expect(await numbersIn(page)).toHaveLength(REPORTS[name]?.rounds.length ?? 0);
    expect(await page.locator('.controls').isVisible()).toBe(false);
    await page.locator('.rounds summary').first().click();
    expect(await page.locator('#seat-1').isVisible()).toBe(true);
    expect(await page.locator('#seat-1').textContent()).toContain('requests, released within');
  });
});

test.each([
  ['pass', ['PASS', '16 seats raced', '16 sold once', '16 promised', 'stored']],
  ['double-booking', ['FAIL', '4 seats raced', '2 sold once', '2 oversold', '7 promised', 'stored']],
  ['inconclusive', ['INCONCLUSIVE', '2 seats raced', '1 not raced', '2 promised', 'stored']],
])('the first screen of a %s says what happened', async (name, facts) => {
  const { page } = await open(name);
  for (const text of [
    ...facts,
    'How strong this is',
    'Strong rounds',
    'What refusals said',
    '× 400',
    'Target',
    'demo',
    'Started',
  ]) {
    const box = await page.locator(':is(header, .first)').getByText(text).first().boundingBox();
    expect((box?.y ?? Infinity) + (box?.height ?? 0), text).toBeLessThanOrEqual(800);
  }
});

test('the worst rounds are pictures that nobody has to open', async () => {
  const { page } = await open('double-booking');
  expect(
    await page.evaluate(
      "[...document.querySelectorAll('.finding')].filter((each) => each.checkVisibility()).map(({ id }) => id)",
    ),
  ).toEqual(['finding-2', 'finding-1']);
  expect(await page.locator('#finding-2 tbody tr').count()).toBe(3);
});

test('a keyboard alone opens what is folded', async () => {
  const { page } = await open('pass');
  await page.locator('summary:has(#setup)').focus();
  await page.keyboard.press('Enter');
  expect(await page.getByRole('heading', { name: 'Versions' }).isVisible()).toBe(true);
});

test('a contradiction is drawn as lanes, one for each person, with their operations', async () => {
  const { page } = await open('contradiction');
  const rows = page.locator('.finding .written tbody tr');
  expect(await rows.locator('th').allTextContents()).toEqual(['VU 1', 'VU 2']);
  expect(await rows.locator('svg > text.what').allTextContents()).toEqual(['hold', 'book']);
  const [hold, lease] = await Promise.all(
    ['rect.active', 'rect.waiting'].map((rect) => rows.first().locator(rect).boundingBox()),
  );
  // The hold ends 970 ms later, far longer than the request took.
  expect(lease?.width).toBeGreaterThan(20 * (hold?.width ?? 0));
});

test('dark is dark, and light is light', async () => {
  const paperOf = async (colorScheme: 'light' | 'dark') => {
    const { page } = await open('pass', { colorScheme });
    return page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  };
  expect(await paperOf('light')).toBe('rgb(255, 255, 255)');
  expect(await paperOf('dark')).toBe('rgb(20, 23, 28)');
});

/** Opens a report, and the table of its rounds. */
async function openTable(name: string) {
  const opened = await open(name);
  await opened.page.locator('summary:has(#rounds)').click();
  return opened;
}

describe('the table', () => {
  test('sorts by a column, upwards and then downwards, and says so', async () => {
    const { page } = await openTable('double-booking');
    const head = page.getByRole('columnheader', { name: 'Booked' });
    await head.getByRole('button').click();
    expect(await numbersIn(page)).toEqual(['1', '4', '2', '3']);
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    await head.getByRole('button').click();
    expect(await numbersIn(page)).toEqual(['3', '2', '1', '4']);
    expect(await head.getAttribute('aria-sort')).toBe('descending');
  });

  test('sorts by keyboard alone', async () => {
    const { page } = await openTable('double-booking');
    await page.getByRole('columnheader', { name: 'Booked' }).getByRole('button').focus();
    await page.keyboard.press('Enter');
    expect(await numbersIn(page)).toEqual(['1', '4', '2', '3']);
  });

  test('puts rows without a number last, in both directions', async () => {
    const { page } = await openTable('inconclusive');
    const head = page.getByRole('columnheader', { name: 'Spread' }).getByRole('button');
    await head.click();
    expect((await numbersIn(page)).at(-1)).toBe('3');
    await head.click();
    expect((await numbersIn(page)).at(-1)).toBe('3');
  });

  test('finds a seat by its order, and shows only those with findings, or of one result', async () => {
    const { page } = await openTable('double-booking');
    await page.getByRole('searchbox').fill(samples.orderKey(4));
    expect(await numbersIn(page)).toEqual(['4']);
    expect(await page.locator('.controls output').textContent()).toBe('1 of 4');
    await page.getByRole('searchbox').fill('');
    await page.getByRole('combobox').selectOption('found');
    expect(await numbersIn(page)).toEqual(['2', '3']);
    await page.getByRole('combobox').selectOption('right');
    expect(await numbersIn(page)).toEqual(['1', '4']);
  });

  test('opens a round, with the lanes of its winners and first refusals', async () => {
    const { page } = await openTable('double-booking');
    const lanes = page.locator('#seat-2');
    expect(await lanes.isVisible()).toBe(false);
    await page.locator('#round-2 summary').click();
    expect(await lanes.isVisible()).toBe(true);
    expect(await lanes.locator('tr.prominent td:last-child').allTextContents()).toEqual([
      `booked: 201, order ${samples.orderKey(2)}`,
      `booked: 201, order ${samples.orderKey(22)}`,
    ]);
    expect(await lanes.locator('tbody td svg').first().boundingBox()).toMatchObject({ height: 16 });
  });
});

describe('a deep link', () => {
  test.each([true, false])('to a seat opens it; scripts on: %s', async (javaScriptEnabled) => {
    const { page } = await open('double-booking', { javaScriptEnabled }, '#seat-3');
    await page.locator('#seat-3').waitFor({ state: 'visible' });
    expect(await page.locator('#round-3').textContent()).toContain(samples.seatKey(3));
    expect(await page.locator('#seat-1').isVisible()).toBe(false);
  });

  test('to a finding scrolls to it, and the finding links to its seat', async () => {
    const { page } = await open('double-booking', {}, '#finding-2');
    expect((await page.locator('#finding-2').boundingBox())?.y).toBeLessThan(800);
    await page.locator('#finding-2 a').first().click();
    await page.locator('#seat-3').waitFor({ state: 'visible' });
  });

  test('finds a seat that a filter had hidden', async () => {
    const { page } = await openTable('double-booking');
    await page.getByRole('combobox').selectOption('right');
    await page.locator('.map a[href="#seat-2"]').click();
    await page.locator('#seat-2').waitFor({ state: 'visible' });
  });
});

describe('the Content-Security-Policy', () => {
  test('blocks every foreign script, style and request', async () => {
    const { page, events } = await open('pass');
    const refused = page.waitForEvent('requestfailed');
    await page.evaluate(`(() => {
      const script = document.createElement('script');
      script.textContent = 'window.broken = true';
      document.body.append(script);
      document.body.insertAdjacentHTML('beforeend', '<img src="http://127.0.0.1:9/x" onerror="document.title = 1">');
      document.body.setAttribute('style', 'color: red');
    })()`);
    expect((await refused).failure()?.errorText).toBe('csp');
    expect(await page.evaluate('window.broken')).toBeUndefined();
    expect(events.filter((event) => event.includes('Content Security Policy'))).not.toEqual([]);
  });
});

test('the text of a hostile server stays text: it becomes no element, script or template', async () => {
  const { page, events } = await open('hostile');
  await openAll(page);
  const text = (await page.locator('body').textContent()) ?? '';
  expect(text).toContain('</script><img src=x onerror=alert(1)>');
  expect(text).toContain('{{constructor}}');
  expect(await page.locator('img, iframe, [onerror], [onload], failure').count()).toBe(0);
  expect(await page.locator('script').count()).toBe(1);
  expect(events).toEqual([]);
});
