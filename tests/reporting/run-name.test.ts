import { describe, expect, it } from 'vitest';
import { claimRunName } from '../../plugin/src/reporting/index.ts';

const startedAt = new Date(2026, 10, 30, 12, 34, 56);
const nameFor = (environment: string, name = 'order_race') =>
  claimRunName({ dir: 'output', name, environment, startedAt }, (base) => base);

describe('the name of the files of a run', () => {
  it.each([
    ['staging', 'output/order_race_staging_20261130_123456'],
    ['../../etc/passwd', 'output/order_race_.._.._etc_passwd_20261130_123456'],
    ['.hidden', 'output/order_race_.hidden_20261130_123456'],
    ['-e', 'output/order_race_-e_20261130_123456'],
    ['eu/west 1', 'output/order_race_eu_west_1_20261130_123456'],
    ['prüfung-本番', 'output/order_race_pr_fung-___20261130_123456'],
  ])('holds the environment, safely: %s', (environment, name) => {
    expect(nameFor(environment)).toBe(name);
  });

  it.each(['x'.repeat(240), '本'.repeat(240), '/'.repeat(240)])('fits into a folder, with every ending: %s', (long) => {
    const name = `${nameFor(long, 'y'.repeat(240))}.history.jsonl`.slice('output/'.length);
    expect(Buffer.byteLength(name)).toBeLessThan(255);
    expect(name).toMatch(/_20261130_123456\.history\.jsonl$/);
  });
});
