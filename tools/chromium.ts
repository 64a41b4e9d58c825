import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's Chromium, or the path in CHROMIUM. playwright-core does not bring or download a browser. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/**
 * Starts Chromium, headless and without background requests.
 *
 * @throws Error that says how to install Chromium, if it is missing
 */
export async function startChromium(): Promise<Browser> {
  if (!existsSync(executablePath)) {
    throw new Error(
      `there is no Chromium at ${executablePath}: apt-get install chromium (Debian), or set CHROMIUM to the path of another one`,
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
