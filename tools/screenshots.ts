// npm run screenshots
//
// Takes the pictures of the README (docs/report-*.png) from two real demos, one with a right lock and one without a lock.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { startChromium } from './chromium.ts';

const root = join(import.meta.dirname, '..');
const VIEWPORT = { width: 1280, height: 800 };

const dir = mkdtempSync(join(tmpdir(), 'screenshots-'));
const browser = await startChromium();
try {
  const pass = race('unique');
  const fail = race('none');
  await picture(browser, 'pass', pass, 'light', async () => {});
  await picture(browser, 'fail', fail, 'light', async () => {});
  await picture(browser, 'charts', fail, 'dark', async (page) => {
    await unfold(page, 'charts');
    // The command below holds a temporary folder.
    await page.evaluate("document.querySelector('[aria-labelledby=repeat]')?.remove()");
    await page.evaluate("document.querySelector('#charts').scrollIntoView()");
  });
  await picture(browser, 'lanes', pass, 'light', async (page) => {
    await unfold(page, 'rounds');
    await page.locator('#round-2 summary').click();
    await page.evaluate("document.querySelector('#round-1').scrollIntoView()");
  });
} finally {
  await browser.close();
  rmSync(dir, { recursive: true });
}

/** Races the bundled API, and returns the path of the HTML report. */
function race(lock: string): string {
  const output = join(dir, lock);
  const { status } = spawnSync(join(root, 'run-order-race-test.sh'), ['--quiet', '--lock', lock, 'demo'], {
    stdio: 'inherit',
    env: { ...process.env, ORDER_OUTPUT_DIR: output },
  });
  const html = status === 0 || status === 3 ? readdirSync(output).find((name) => name.endsWith('.html')) : undefined;
  if (html === undefined) throw new Error(`the race with --lock ${lock} left no report (exit code ${status})`);
  return join(output, html);
}

/** The report starts with everything folded but the verdict and the worst findings. */
async function unfold(page: Page, heading: string): Promise<void> {
  await page.locator(`summary:has(#${heading})`).click();
}

async function picture(
  chromium: Browser,
  name: string,
  html: string,
  colorScheme: 'light' | 'dark',
  prepare: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await chromium.newPage({ viewport: VIEWPORT, colorScheme });
  await page.goto(pathToFileURL(html).href);
  await prepare(page);
  await page.screenshot({ path: join(root, `docs/report-${name}.png`) });
  await page.close();
}
