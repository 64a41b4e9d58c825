import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Conclusion, History } from '../../model/index.ts';
import { verdictSchema } from '../../model/verdict-file.ts';
import { schemaFiles } from '../../plugin/schemas.ts';
import { parseYaml } from '../../plugin/src/config/index.ts';
import { judge } from '../../plugin/src/judging/index.ts';
import { reportOf, verdictFileOf } from '../../reports/index.ts';
import {
  asking,
  history,
  ok,
  plan,
  problem,
  refused,
  round,
  ruled,
  serverError,
  textOf,
  unanswered,
} from '../support/histories.ts';

const folder = path.resolve(import.meta.dirname, '../../plugin/schema');
const published = (name: string) =>
  z.fromJSONSchema(JSON.parse(fs.readFileSync(path.join(folder, `${name}.schema.json`), 'utf8')));

/** Every kind of record, of outcome and of answer. */
const full: History = {
  ...history(
    plan({
      readBack: true,
      inventories: [
        { key: 'A', capacity: 1 },
        { key: 'B', capacity: 2 },
      ],
    }),
    [
      ...round(1, 'A', [ok(201, 'a'), ok(201, 'b'), unanswered(), serverError()]),
      ...round(2, 'B', [ok(), refused(), refused(429, 'slow down', 'rate-limited')]).map(
        ({ releasedAtMs: _, firstByteAtMs: __, ...attempt }) => ({ ...attempt, thread: 1 }),
      ),
    ],
    [
      { inventory: 'A', when: 'before', kind: 'unreadable', error: 'status 500' },
      { inventory: 'A', when: 'after', kind: 'read', units: 2, orderIds: ['a', 'b'] },
    ],
  ),
  problems: [problem('the sign-in was refused')],
};
/** What only a run with a rule writes. */
const ruledHistory = history(
  ruled({ name: 'hold-confirm', leaseMs: 1000, toleranceMs: 20, busy: [423] }, 2, {
    inventories: [{ key: 'A', capacity: 2, parts: ['a', 'b'] }],
  }),
  asking(round(1, 'A', [{ ...ok(), granted: 1 } as Conclusion, refused()]), [
    { operation: 'hold', units: 2, parts: ['a', 'b'], user: 'ann', idempotencyKey: 'k', fingerprint: '0a1b2c3d' },
    {},
  ]),
);
const { end: _, ...cutOff } = { ...full, attempts: [] };
const verdictOf = (race: History): unknown => JSON.parse(JSON.stringify(verdictFileOf(reportOf(race, judge(race)))));

describe('the published JSON Schemas', () => {
  it('are those of the program: npm run generate makes them', () => {
    const written = Object.fromEntries(
      fs.readdirSync(folder).map((name) => [name, fs.readFileSync(path.join(folder, name), 'utf8')]),
    );
    expect(written).toEqual(schemaFiles());
  });

  it('describe every line of a history', () => {
    const line = published('history');
    for (const text of (textOf(full) + textOf(ruledHistory)).trim().split('\n'))
      expect(line.safeParse(JSON.parse(text)).error, text).toBeUndefined();
  });

  it.each([
    '{"type":"end","endedAt":"2026-01-02","reason":"completed"}',
    '{"type":"problem"}',
    '{"type":"attempt","round":1,"inventory":"A","vu":1,"completedAtMs":1,"outcome":"ok"}',
    '{"type":"ending"}',
    '12',
  ])('describe no line such as %s', (text) => {
    expect(published('history').safeParse(JSON.parse(text)).success).toBe(false);
  });

  it.each([
    ['one with every kind of record', full],
    ['one with a rule', ruledHistory],
    ['one that was cut off before the first attempt', cutOff],
  ])('describe the verdict on a history: %s', (_what, race) => {
    expect(published('verdict').safeParse(verdictOf(race)).error).toBeUndefined();
    expect(verdictSchema.safeParse(verdictOf(race)).error).toBeUndefined();
  });

  it('describe no verdict that lacks something', () => {
    const { rounds: __, ...less } = verdictOf(full) as Record<string, unknown>;
    expect(published('verdict').safeParse(less).success).toBe(false);
  });

  it('describe the plugin’s block, and know a misspelt key', () => {
    const block = published('config');
    expect(block.safeParse({}).success).toBe(true);
    expect(
      block.safeParse({ inventories: ['A', 1, { key: 'B', capacity: 2 }], readBack: 'off' }).error,
    ).toBeUndefined();
    expect(block.safeParse({ limits: { p95: 1 } }).success).toBe(false);
  });

  it.each<[string, object]>([
    ['variables', { inventories: '$seats', readBack: '$seatReadBack' }],
    [
      'templates',
      { limits: { p95Ms: '{{ $env.P95 }}' }, contenders: '{{ vus }}', wire: '{{ wire }}', confirm: '{{ ask }}' },
    ],
    [
      'templates in conditions',
      { outcome: { success: { status: ['{{ ok }}'], body: { '$.left': { above: '{{ min }}' } } } } },
    ],
    [
      'conditions',
      {
        outcome: {
          success: [
            { header: { location: '/x/' } },
            { text: '/sold/i' },
            { body: { '$.a': { not: { in: [1, null] } } } },
          ],
        },
      },
    ],
    [
      'extractors',
      { outcome: { orderId: { header: 'location', match: '(\\d+)' }, units: { text: '(\\d+)' }, granted: '$.ids' } },
    ],
    [
      'operations',
      { outcome: { operations: { hold: { function: 'read', settled: { refusal: { status: [410] } } } } } },
    ],
    ['words and redirects', { words: { one: 'invite' }, outcome: { redirects: 'follow' } }],
  ])('describe %s in the block', (_what, block) => {
    expect(published('config').safeParse(block).error).toBeUndefined();
  });

  it.each<[string, object]>([
    ['a misspelt comparison', { outcome: { success: { body: { '$.left': { abov: 0 } } } } }],
    ['a misspelt header', { outcome: { success: { heder: { location: 'x' } } } }],
    ['a text that is no template', { contenders: 'many' }],
    ['a name that is no variable', { inventories: 'seats' }],
    ['an extractor with two places', { outcome: { orderId: { header: 'location', text: 'x' } } }],
    ['a plural alone', { words: { many: 'invites' } }],
  ])('know %s', (_what, block) => {
    expect(published('config').safeParse(block).success).toBe(false);
  });

  it('describe the blocks of the bundled scenarios', () => {
    const scenarios = path.resolve(folder, '../../scenarios');
    const files = fs.readdirSync(scenarios).filter((name) => name.endsWith('.yml'));
    for (const name of files) {
      const { config } = parseYaml(fs.readFileSync(path.join(scenarios, name), 'utf8'), name) as {
        config?: { plugins?: { race?: unknown } };
      };
      if (config?.plugins?.race === undefined) continue;
      expect(published('config').safeParse(config.plugins.race).error, name).toBeUndefined();
    }
  });
});
