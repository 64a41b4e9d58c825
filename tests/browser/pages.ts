import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type Report, renderHtml } from '../../reports/index.ts';
import { startChromium } from '../../tools/chromium.ts';
import * as samples from '../reports/samples.ts';

/** One report of each kind. */
export const REPORTS: Readonly<Record<string, Report>> = {
  pass: samples.passing(),
  'double-booking': samples.doubleBooked(),
  inconclusive: samples.inconclusive(),
  hostile: samples.hostile(),
  contradiction: samples.judged(samples.HOLD_BROKEN),
  evidence: samples.evident(),
  'two rounds a seat': samples.heldThenConfirmed(),
};

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A page in the browser, and its console messages, errors, dialogs and requests. */
export interface Opened {
  readonly page: Page;
  readonly events: readonly string[];
}

/**
 * Starts one browser for all tests of a file. Call it once, at the top.
 *
 * @returns `open` opens a page from the disk, until the end of the test; `keep` until the end of the file
 */
export function useBrowser() {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'report-'));
  const pages: Page[] = [];
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterEach(() => Promise.all(pages.splice(0).map((page) => page.context().close())));
  afterAll(async () => {
    await browser.close();
    fs.rmSync(dir, { recursive: true });
  });

  async function keep(html: string, options: BrowserContextOptions = {}, fragment = ''): Promise<Opened> {
    const file = path.join(fs.mkdtempSync(path.join(dir, 'page-')), 'page.html');
    fs.writeFileSync(file, html);
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    // In CI these tests get the CPU that others leave idle. What hangs is found by the limit of the tests.
    context.setDefaultTimeout(0);
    const page = await context.newPage();
    const events: string[] = [];
    page.on('console', (message) => events.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => events.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => events.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => {
      if (!request.isNavigationRequest()) events.push(`request: ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href + fragment);
    return { page, events };
  }

  async function open(html: string, options?: BrowserContextOptions, fragment?: string): Promise<Opened> {
    const opened = await keep(html, options, fragment);
    pages.push(opened.page);
    return opened;
  }

  return { open, keep };
}

const HTML = new Map<string, string>();

/** The page of one of {@link REPORTS}, rendered once. */
export function htmlOf(name: string): string {
  const html = HTML.get(name) ?? renderHtml(REPORTS[name] ?? samples.passing());
  HTML.set(name, html);
  return html;
}

export const widthOf = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth');

/** The numbers of the rounds that the table shows, in its order. */
export const numbersIn = (page: Page) =>
  page.evaluate<string[]>(
    "[...document.querySelectorAll('.rounds > tbody')].filter((each) => each.checkVisibility()).map((each) => each.rows[0].cells[0].textContent)",
  );

export const openAll = (page: Page) =>
  page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true");
export const closeAll = (page: Page) =>
  page.evaluate("for (const details of document.querySelectorAll('details')) details.open = false");
/** Opens the sections, and leaves the rows of the table closed. */
export const unfold = (page: Page) =>
  page.evaluate("for (const fold of document.querySelectorAll('.fold')) fold.open = true");

/** What axe finds, and the elements that have it. Every rule by default. */
export async function problemsOn(page: Page, options: RunOptions = {}): Promise<string[]> {
  await page.evaluate(`globalThis.axe ?? (() => { ${AXE} })()`);
  const run = `axe.run(${JSON.stringify({ resultTypes: ['violations'], ...options })})`;
  const { violations } = await page.evaluate<AxeResults>(run);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
