import fs from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { MISSPELT_RACE } from '../../plugin/src/config/misspelt-race.ts';
import { slipPattern } from '../../plugin/src/config/slip-pattern.ts';
import { bundledSuites, parsed, printedSuites } from '../support/documented-suites.ts';

type Json = Readonly<Record<string, unknown>>;

const file = path.resolve(import.meta.dirname, '../../plugin/schema/suite.schema.json');
const schema = JSON.parse(fs.readFileSync(file, 'utf8')) as Json & {
  readonly definitions: Readonly<Record<string, Json>>;
};
const validate = new Ajv({ strictTypes: false, allErrors: true }).compile(schema);

const problemsOf = (suite: unknown): string[] =>
  validate(suite) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`);

const withBlock = (block: string): unknown => parse(`config: { plugins: { race: ${block} } }\nscenarios: []`);
const withLine = (line: string): unknown =>
  parse(`scenarios: [{ flow: [{ loop: [{ post: { url: /, race: ${line} } }], over: $inventories }] }]`);
const withStep = (step: string): unknown => parse(`scenarios: [{ flow: [${step}] }]`);

describe('the editor’s schema of a suite', () => {
  it('refers to nothing outside itself', () => {
    const names = [...JSON.stringify(schema).matchAll(/"\$ref":"(.*?)"/g)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(Object.keys(schema.definitions)).toContain(name.replace(/^#\/definitions\//, ''));
  });

  it('describes each option of the block and of a race: line, for completion', () => {
    const bare: string[] = [];
    const visit = (node: unknown, at: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { properties = {} } = node as { properties?: Record<string, Json> };
      for (const [key, option] of Object.entries(properties)) {
        if (option.description === undefined && option.const === undefined && option.$ref === undefined)
          bare.push(`${at}.${key}`);
      }
      for (const [key, below] of Object.entries(node)) visit(below, `${at}/${key}`);
    };
    for (const name of ['Race', 'RaceLine', 'OnceLine', 'SettlesLine', 'Request'])
      visit(schema.definitions[name], name);
    expect(bare).toEqual([]);
  });
});

describe.each([...bundledSuites(), ...printedSuites()])('$name', (suite) => {
  it('is a right suite', () => expect(problemsOf(parsed(suite))).toEqual([]));

  it('names the schema in its first comment', () => {
    const comment = /^(?:#.*\n)*/.exec(suite.text)?.[0].split('\n') ?? [];
    const modeline = comment.find((line) => line.startsWith('# yaml-language-server: $schema='));
    expect(modeline).toMatch(/\/schema\/suite\.schema\.json$/);
    if (suite.folder === undefined) return;
    expect(path.resolve(suite.folder, modeline?.split('=')[1] ?? '')).toBe(file);
    expect(comment[0]).toMatch(/^# Hypothesis: /);
  });
});

describe('right suites', () => {
  it.each([
    [
      'a template in place of a number, a word, a flag, a list',
      '{ limits: { p95Ms: "{{ $env.P95 }}", rejections: "{{ list }}" }, wire: "{{ wire }}", confirm: "{{ ask }}", inventories: "{{ seats }}" }',
    ],
    [
      'a template in place of a rule, a release, a read-back',
      '{ rule: "{{ rule }}", release: "{{ release }}", readBack: "{{ book }}" }',
    ],
    ['a template in place of the name of a rule', '{ rule: { name: "{{ rule }}", leaseMs: 10 } }'],
    ['names of variables', '{ inventories: $seats, readBack: $seatReadBack }'],
    ['an empty block', '{}'],
    ['no block', 'null'],
    ['fields of an inventory', '{ inventories: [{ key: 17, capacity: 3, quota: q1, kind: 4, patrs: x }] }'],
    ['an amount', '{ rule: balance, inventories: [{ key: purse, capacity: "12.50" }] }'],
  ])('%s', (_, block) => expect(problemsOf(withBlock(block))).toEqual([]));

  it.each([
    'A1',
    '17',
    '"{{ $loopElement }}"',
    'false',
    '{ inventory: A1, units: "{{ n }}", judge: "{{ j }}" }',
    '{ inventory: 1, units: "12.50" }',
    '{ inventory: A, from: "2026-01-31T09:00:00+01:00", to: "{{ end }}" }',
    '{ once: "{{ $loopElement }}", allow: [404, "500-599"] }',
    '{ settles: A1, everyMs: "{{ ms }}" }',
    '{ inventory: A, release: { shape: ramp, spanMs: "{{ span }}" } }',
    '{ inventory: A, operation: pay }',
  ])('the line race: %s', (line) => {
    expect(problemsOf(withLine(line))).toEqual([]);
  });

  it.each<[string, string]>([
    [
      'settings that an environment completes',
      'config: { plugins: { race: { rule: { name: hold-confirm } } }, environments: { a: { plugins: { race: { rule: { leaseMs: 100 } } } }, b: {}, c: } }',
    ],
    [
      'settings that a shared file completes',
      'config: { plugins: { race: { environments: environments.yml, rule: { name: hold-confirm } } } }',
    ],
    [
      'other plugins, engines and keys',
      'config: { target: x, plugins: { expect: {}, our-own: { race: 1 } }, engines: { kafka: {} }, kafka: { a: 1 }, phases: [{ pause: 1 }, { duration: 2m, arrivalRate: "{{ rate }}", rampTo: 4 }] }\nscenarios: [{ engine: kafka, flow: [{ publish: { topic: t } }] }, { engine: playwright, testFunction: f }, { engine: socketio, flow: [{ emit: [a, b], response: { on: c } }, { get: { url: / } }] }]',
    ],
    [
      'phases, payload and variables by template',
      'config: { phases: "{{ phases }}", variables: { a: [1], signIn: { grant: password } }, payload: { path: a.csv, fields: [a] } }',
    ],
    [
      'words that mean something else',
      'scenarios: [{ flow: [{ post: { url: /, trace: 1, rate: 2, pace: 3 } }, { think: 1 }, { log: a }, { function: f }, { parallel: [{ get: { url: / } }] }] }]',
    ],
    [
      'sections before and after',
      'before: { flow: [{ post: { url: /reset } }, { loop: [{ function: f }], count: 2 }] }\nafter: { flow: [{ log: done }] }',
    ],
  ])('%s', (_, text) => expect(problemsOf(parse(text))).toEqual([]));
});

describe('wrong words', () => {
  it.each([
    '{ inventorys: [A] }',
    '{ inventories: [] }',
    '{ inventories: seats }',
    '{ inventories: [{ key: A, capcity: 2 }] }',
    '{ inventories: [{ key: A, capacity: 0 }] }',
    '{ inventories: [{ key: A, capacity: many }] }',
    '{ inventories: [{ capacity: 2 }] }',
    '{ inventories: { get: /seats, keys: $.id } }',
    '{ contenders: 1 }',
    '{ contenders: many }',
    '{ contenders: { each: all } }',
    '{ rule: quotta }',
    '{ rule: { name: hold-confirm, leaseMs: -1 } }',
    '{ rule: { name: hold-confirm, leesMs: 1 } }',
    '{ rule: { name: hold-confirm } }',
    '{ limits: { p95: 1 } }',
    '{ limits: { p95Ms: fast } }',
    '{ limits: { p95Ms: $fast } }',
    '{ limits: { overlap: 1.5 } }',
    '{ limits: { serverErrors: -1 } }',
    '{ limits: { rejections: [99] } }',
    '{ limits: { rejections: ["400-"] } }',
    '{ release: rampe }',
    '{ release: { shape: sweeep } }',
    '{ wire: http3 }',
    '{ rehearsal: { rounds: 21 } }',
    '{ rehearsal: { path: seats } }',
    '{ readBack: seats }',
    '{ readBack: { pat: /a } }',
    '{ readBack: { path: /a, retries: 11 } }',
    '{ readBack: { path: /a, taken: { bdy: {} } } }',
    '{ outcome: { sucess: {} } }',
    '{ outcome: { success: { status: [700] } } }',
    '{ outcome: { success: { body: { state: SOLD } } } }',
    '{ outcome: { success: { body: { $.left: { abve: 0 } } } } }',
    '{ outcome: { orderId: order.id } }',
    '{ outcome: { redirects: follows } }',
    '{ outcome: { operations: { hold: { orderID: $.a } } } }',
    '{ words: { many: invites } }',
    '{ machines: 0 }',
    '{ confirm: maybe }',
    '{ console: { quiet: 1 } }',
    '{ attempt: { timeoutMs: 0 } }',
    'true',
    '[]',
  ])('config.plugins.race: %s', (block) => {
    expect(problemsOf(withBlock(block))).not.toEqual([]);
    expect(
      problemsOf({ config: { environments: { staging: (withBlock(block) as { config: unknown }).config } } }).length >
        0,
    ).toBe(!LACKS.includes(block));
  });

  it.each([
    'true',
    '""',
    '" "',
    '[]',
    'null',
    '{}',
    '{ inventorry: A }',
    '{ operation: hold }',
    '{ inventory: A, operatoin: hold }',
    '{ inventory: A, units: 0 }',
    '{ inventory: A, units: -1 }',
    '{ inventory: A, units: some }',
    '{ inventory: A, judge: no way }',
    '{ inventory: A, parts: [] }',
    '{ inventory: A, from: tomorrow }',
    '{ inventory: A, release: { shape: slow } }',
    '{ inventory: A, release: { spanMs: -1 } }',
    '{ inventory: A, release: $r }',
    '{ once: A, allow: [] }',
    '{ once: A, alow: [404] }',
    '{ settles: A, everyMs: 0 }',
    '{ settles: A, withinMs: long }',
    '{ settles: A, inventory: A }',
  ])('race: %s', (line) => expect(problemsOf(withLine(line))).not.toEqual([]));

  it.each([
    ['a line beside the request', '{ post: { url: / }, race: A }'],
    ['a line of a loop', '{ loop: [{ post: { url: / } }], race: A }'],
    ['a misspelt line', '{ post: { url: /, rase: A } }'],
    ['a misspelt line beside the request', '{ post: { url: / }, Race: A }'],
    ['a line of a step that sends nothing', '{ emit: { channel: a, race: A } }'],
  ])('%s', (_, step) => expect(problemsOf(withStep(step))).not.toEqual([]));

  it.each<[string, string]>([
    ['a line of a scenario', 'scenarios: [{ race: A, flow: [] }]'],
    ['a line under another engine', 'scenarios: [{ engine: socketio, flow: [{ post: { url: /, race: A } }] }]'],
    ['a line in a before section', 'before: { flow: [{ loop: [{ post: { url: /, race: A } }] }] }'],
    ['the misspelt name of the plugin', 'config: { plugins: { rcae: { inventories: [A] } } }'],
    ['a block outside of config', 'plugins: { race: { inventories: [A] } }'],
    [
      'a misspelt option of an environment',
      'config: { environments: { a: { plugins: { race: { limits: { p95: 1 } } } } } }',
    ],
  ])('%s', (_, text) => expect(problemsOf(parse(text))).not.toEqual([]));
});

/** Wrong for want of something, which in an environment may be in the rest of the suite. */
const LACKS = [
  '{ inventories: [{ capacity: 2 }] }',
  '{ rule: { name: hold-confirm } }',
  '{ words: { many: invites } }',
];

describe('the patterns for slips', () => {
  it.each(['Race', 'RACE', ' race', 'rase', 'rce', 'raace', 'rcae', 'care'])('%j can only mean race', (key) => {
    expect(key).toMatch(new RegExp(MISSPELT_RACE));
  });

  it.each(['race', 'trace', 'Rate', 'pace ', 'races2', 'url'])('%j means something else', (key) => {
    expect(key).not.toMatch(new RegExp(MISSPELT_RACE));
  });

  it('a field whose name is far from the words of the language is right', () => {
    const slip = new RegExp(slipPattern(['key', 'capacity', 'parts']));
    for (const name of ['key', 'capacity', 'parts', 'price', 'kind', 'arts', 'patrs']) expect(name).not.toMatch(slip);
    for (const name of ['Key', 'keys', 'capcity', 'cpaacity', 'part']) expect(name).toMatch(slip);
  });
});
