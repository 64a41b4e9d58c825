import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's own Chromium, or the one that CHROMIUM names: playwright-core comes without a browser, and fetches none. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/**
 * Starts Chromium, headless and without any traffic of its own.
 *
 * @throws Error that says how to get it, where there is none
 */
export async function startChromium(): Promise<Browser> {
  if (!existsSync(executablePath)) {
    throw new Error(
      `there is no Chromium at ${executablePath}: apt-get install chromium (Debian), or name another one in CHROMIUM`,
    );
  }
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
