import { beforeAll, describe, expect, test } from 'vitest';
import { htmlOf, type Opened, openAll, problemsOn, REPORTS, useBrowser } from './pages.ts';

/** Nothing else depends on the colour scheme. */
const COLOURS = ['color-contrast', 'link-in-text-block'];

/** These differ in what is open at first, in their colours, and in what has to fit a phone. */
const OPEN_AT_FIRST = ['pass', 'double-booking', 'inconclusive'];
const COLOURED = [...OPEN_AT_FIRST, 'contradiction'];
const WIDE = ['double-booking', 'hostile', 'contradiction', 'evidence'];

const { keep } = useBrowser();

describe.each(Object.keys(REPORTS))('axe finds nothing in the report of a run: %s', (name) => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await keep(htmlOf(name));
  });

  if (OPEN_AT_FIRST.includes(name)) {
    test('as it opens, by every rule', async () => {
      expect(await problemsOn(opened.page)).toEqual([]);
    });
  }

  test('with everything open, by every rule', async () => {
    await openAll(opened.page);
    expect(await problemsOn(opened.page)).toEqual([]);
  });

  if (COLOURED.includes(name)) {
    test('in its dark colours, with everything open', async () => {
      await opened.page.emulateMedia({ colorScheme: 'dark' });
      await openAll(opened.page);
      expect(await problemsOn(opened.page, { runOnly: COLOURS })).toEqual([]);
      await opened.page.emulateMedia({ colorScheme: 'light' });
    });
  }

  if (WIDE.includes(name)) {
    test('on a phone, with everything open, by every rule', async () => {
      await opened.page.setViewportSize({ width: 360, height: 740 });
      await openAll(opened.page);
      expect(await problemsOn(opened.page)).toEqual([]);
    });
  }
});
