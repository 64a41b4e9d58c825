import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root, runSuite } from '../support/artillery.ts';
import { openBasketShop } from '../support/basket-shop.ts';

const page = fs.readFileSync(path.join(root, 'docs/write-your-own.md'), 'utf8');
const blocks = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
const whole = blocks.find((text) => text.startsWith('# Hypothesis: ')) ?? '';

/** The file of the page, word for word but for where the shop is. */
const scriptFor = (url: string): object =>
  parse(whole.replaceAll(/https:\/\/(environment\.invalid|staging\.shop\.example)/g, url)) as object;

describe('docs/write-your-own.md', { timeout: 60_000 }, () => {
  it('shows in its steps what is in the whole file', () => {
    const lines = whole.split('\n');
    for (const line of blocks.flatMap((text) => text.split('\n'))) expect(lines).toContain(line);
    expect(blocks.length).toBeGreaterThan(5);
  });

  it('ends in a scenario that a right shop of its shape passes', async () => {
    const shop = await openBasketShop(true);
    try {
      const run = await runSuite({ script: scriptFor(shop.url), environment: 'staging' });
      expect(run.code, run.stdout + run.stderr).toBe(0);
      expect(run.verdict).toMatchObject({ totals: { requests: 60, ok: 3, fail: 57, info: 0 }, findings: [] });
    } finally {
      await shop.close();
    }
  });

  it('catches a shop that takes the money between its check and its write', async () => {
    const shop = await openBasketShop(false);
    try {
      const run = await runSuite({ script: scriptFor(shop.url), environment: 'staging' });
      expect(run.code, run.stdout + run.stderr).toBe(3);
      expect(run.verdict?.findings.map(({ id }) => id)).toContain('double-booking');
      expect(run.verdict?.findings[0]?.witness.length).toBeGreaterThan(1);
    } finally {
      await shop.close();
    }
  });
});
