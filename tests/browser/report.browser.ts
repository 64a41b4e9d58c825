import { describe, expect, test } from 'vitest';
import { renderHtml } from '../../reports/index.ts';
import * as samples from '../reports/samples.ts';
import { htmlOf, numbersIn, openAll, useBrowser, widthOf } from './pages.ts';

const { open } = useBrowser();

test.each([
  ['pass', ['PASS', '16 seats raced', '16 sold once', '16 promised', 'stored']],
  ['double-booking', ['FAIL', '4 seats raced', '2 sold once', '2 oversold', '7 promised', 'stored']],
  ['inconclusive', ['INCONCLUSIVE', '2 seats raced', '1 not raced', '2 promised', 'stored']],
])('the first screen of a %s says what happened', async (name, facts) => {
  const { page } = await open(htmlOf(name));
  for (const text of [
    ...facts,
    'How strong this is',
    'Strong rounds',
    'What refusals said',
    '(400)',
    'Target',
    'demo',
    'Started',
  ]) {
    const box = await page.locator(':is(header, .first)').getByText(text).first().boundingBox();
    expect((box?.y ?? Infinity) + (box?.height ?? 0), text).toBeLessThanOrEqual(800);
  }
});

test('the worst rounds are pictures that nobody has to open', async () => {
  const { page } = await open(htmlOf('double-booking'));
  expect(
    await page.evaluate(
      "[...document.querySelectorAll('.finding')].filter((each) => each.checkVisibility()).map(({ id }) => id)",
    ),
  ).toEqual(['finding-2', 'finding-1']);
  expect(await page.locator('#finding-2 tbody tr').count()).toBe(3);
});

test('a keyboard alone opens what is folded', async () => {
  const { page } = await open(htmlOf('pass'));
  await page.locator('summary:has(#setup)').focus();
  await page.keyboard.press('Enter');
  expect(await page.getByRole('heading', { name: 'Versions' }).isVisible()).toBe(true);
});

test('a contradiction is drawn as lanes, one for each person, with their operations', async () => {
  const { page } = await open(htmlOf('contradiction'));
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
    const { page } = await open(htmlOf('pass'), { colorScheme });
    return page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  };
  expect(await paperOf('light')).toBe('rgb(255, 255, 255)');
  expect(await paperOf('dark')).toBe('rgb(20, 23, 28)');
});

/** Opens a report, and the table of its rounds. */
async function openTable(name: string) {
  const opened = await open(htmlOf(name));
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
    const { page } = await open(htmlOf('double-booking'), { javaScriptEnabled }, '#seat-3');
    await page.locator('#seat-3').waitFor({ state: 'visible' });
    expect(await page.locator('#round-3').textContent()).toContain(samples.seatKey(3));
    expect(await page.locator('#seat-1').isVisible()).toBe(false);
  });

  test('to a finding scrolls to it, and the finding links to its seat', async () => {
    const { page } = await open(htmlOf('double-booking'), {}, '#finding-2');
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
    const { page, events } = await open(htmlOf('pass'));
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
  const { page, events } = await open(htmlOf('hostile'));
  await openAll(page);
  const text = (await page.locator('body').textContent()) ?? '';
  expect(text).toContain('</script><img src=x onerror=alert(1)>');
  expect(text).toContain('{{constructor}}');
  expect(await page.locator('img, iframe, [onerror], [onload], failure').count()).toBe(0);
  expect(await page.locator('script').count()).toBe(1);
  expect(events).toEqual([]);
});

test('the requests of a witness fold open: each command stands alone, with secrets as variables', async () => {
  const { page } = await open(htmlOf('evidence'));
  await page.locator('.evidence summary').first().click();
  const [command = ''] = await page.locator('.evidence pre.command > code').allTextContents();
  expect(command).toMatch(/^curl -sS -X POST /);
  expect(command).toContain('"$TOKEN"');
  expect(await page.locator('.evidence a').first().getAttribute('href')).toMatch(
    /^https:\/\/jaeger\.example\.com\/trace\/0+1$/,
  );
});

describe('a report of 1,000 rounds', () => {
  test('can be searched, sorted, filtered and opened, and fits a phone', async () => {
    const { page } = await open(renderHtml(samples.passing(1000, 20)));
    await page.locator('summary:has(#rounds)').click();
    expect(await numbersIn(page)).toHaveLength(1000);
    await page.locator('.rounds thead button').first().dblclick();
    expect((await numbersIn(page)).slice(0, 2)).toEqual(['1000', '999']);
    await page.locator('.controls input').fill(samples.seatKey(777));
    expect(await numbersIn(page)).toEqual(['777']);
    await page.evaluate("location.hash = '#round-500'");
    await page.locator('#round-500').waitFor({ state: 'visible' });
    await page.setViewportSize({ width: 360, height: 740 });
    expect(await widthOf(page)).toBe(360);
  });
});
