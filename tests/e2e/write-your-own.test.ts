import fs from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { parse } from 'yaml';
import { findingsOf, root, runSuite } from '../support/artillery.ts';
import { openBasketShop } from '../support/basket-shop.ts';
import { it } from '../support/fixtures.ts';

const page = fs.readFileSync(path.join(root, 'docs/write-your-own.md'), 'utf8');
const blocks = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
const whole = blocks.find((text) => text.startsWith('# Hypothesis: ')) ?? '';

/** The page's file, word for word except for the shop's address. */
const scriptFor = (url: string): object =>
  parse(whole.replaceAll(/https:\/\/(environment\.invalid|staging\.shop\.example)/g, url)) as object;

describe('docs/write-your-own.md', () => {
  it('repeats in its steps only lines of the whole file', () => {
    const lines = whole.split('\n');
    for (const line of blocks.flatMap((text) => text.split('\n'))) expect(lines).toContain(line);
    expect(blocks.length).toBeGreaterThan(5);
  });

  it('ends in a scenario that a right shop passes', async ({ open }) => {
    const shop = await open(openBasketShop(true));
    const run = await runSuite(scriptFor(shop.url), { environment: 'staging' });
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict).toMatchObject({ totals: { requests: 60, ok: 3, fail: 57, info: 0 }, findings: [] });
  });

  it('catches a shop that takes the money between check and write', async ({ open }) => {
    const shop = await open(openBasketShop(false));
    const run = await runSuite(scriptFor(shop.url), { environment: 'staging' });
    expect(run.code, run.stdout + run.stderr).toBe(3);
    expect(findingsOf(run)).toContain('double-booking');
    expect(run.verdict?.findings[0]?.witness.length).toBeGreaterThan(1);
  });
});
