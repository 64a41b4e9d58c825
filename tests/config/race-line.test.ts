import { describe, expect, it } from 'vitest';
import type { Rule } from '../../model/index.ts';
import { ConfigError, checkRaceLines, misfitOf, readRaceLine } from '../../plugin/src/config/index.ts';
import { plan } from '../support/histories.ts';

describe('the race line of a request, rendered', () => {
  it.each<[string, unknown, unknown, unknown]>([
    ['text', 'A1', 'A1', { inventory: 'A1', intent: {} }],
    ['a number that a template gave', '{{ seat }}', 7, { inventory: '7', intent: {} }],
    ['a mapping with only the inventory', { inventory: 'A1' }, { inventory: 'A1' }, { inventory: 'A1', intent: {} }],
    ['a place where all meet', { once: '' }, { once: 7 }, { once: '7', allow: [] }],
    [
      'numbers that came as text',
      { settles: '' },
      { settles: 'A', everyMs: '60', withinMs: '900' },
      { settles: 'A', everyMs: 60, withinMs: 900 },
    ],
    ['what decides an attempt', { settles: '' }, { settles: 'A' }, { settles: 'A', everyMs: 200, withinMs: 10_000 }],
    [
      'one judged by nothing',
      { inventory: '', judge: '' },
      { inventory: 'A', judge: false },
      { inventory: 'A', intent: {}, judge: false },
    ],
    [
      'every key',
      { inventory: '', operation: '', units: '', parts: '', user: '', idempotencyKey: '' },
      { inventory: 1, operation: 'hold', units: '3', parts: ['a', 2], user: 'ann', idempotencyKey: 9 },
      { inventory: '1', intent: { operation: 'hold', units: 3, parts: ['a', '2'], user: 'ann', idempotencyKey: '9' } },
    ],
  ])('is read: %s', (_what, written, rendered, line) => {
    expect(readRaceLine(written, rendered)).toEqual(line);
  });

  it.each<[unknown, unknown, string]>([
    ['{{ nothing }}', undefined, 'race: "{{ nothing }}" names no inventory: it is undefined'],
    [' ', ' ', 'race: " " names no inventory: it is " "'],
    [{ inventory: 'A', units: '{{ n }}' }, { inventory: 'A', units: undefined }, 'race.units: "{{ n }}" has no value'],
    [{ inventory: 'A', units: '{{ n }}' }, { inventory: 'A', units: '0' }, 'race.units: must be a whole number from 1'],
    [
      { inventory: 'A', from: '{{ a }}', to: '{{ b }}' },
      { inventory: 'A', from: '2026-01-31 09:00', to: 5 },
      'race.from: must be a number, or a time with its zone',
    ],
    [{ units: 1 }, { units: 1 }, 'race.inventory: missing; must be text or a number'],
    [{ inventory: 'A', parts: '{{ p }}' }, { inventory: 'A', parts: [] }, 'race.parts: must name at least one part'],
  ])('is refused with a sentence: %j as %j', (written, rendered, problem) => {
    const read = readRaceLine(written, rendered);
    expect(typeof read === 'string' && read.startsWith(problem), String(read)).toBe(true);
  });
});

describe('a bigint that a function of the suite gave', () => {
  it('is an id', () => {
    expect(readRaceLine('{{ seat }}', 2n ** 60n)).toEqual({ inventory: '1152921504606846976', intent: {} });
    const line = { inventory: 'A', user: 7n };
    expect(readRaceLine(line, line)).toEqual({ inventory: 'A', intent: { user: '7' } });
  });

  it('can be told of', () => {
    expect(readRaceLine('{{ seats }}', [7n])).toBe('race: "{{ seats }}" names no inventory: it is ["7"]');
  });
});

describe('the race lines of a script', () => {
  const check = (race: unknown, rule?: Rule) => () =>
    checkRaceLines(
      {
        scenarios: [
          { flow: [{ think: 1 }, { loop: [{ post: { url: '/', json: { race: 5 }, race } }], count: 2 }] },
          { flow: [{ post: { url: '/', race: '{{ s }}' } }] },
        ].slice(0, race === undefined || race === false ? 2 : 1),
      },
      plan(rule === undefined ? {} : { rule }),
    );
  const exclusive: Rule = { name: 'exclusive', operations: ['pay', 'cancel'] };
  const leased: Rule = { name: 'hold-confirm', leaseMs: 1000, toleranceMs: 20, busy: [423] };

  it.each<[string, unknown, Rule | undefined]>([
    ['a text', '{{ $loopElement }}', undefined],
    ['absent', undefined, undefined],
    ['one that is switched off', false, undefined],
    ['an operation that the rule knows', { inventory: 'A', operation: 'confirm' }, leased],
    ['templates, which may come to anything', { inventory: '{{ a }}', operation: '{{ b }}' }, leased],
    ['templates for numbers and lists', { inventory: 'A', units: '{{ n }}' }, { name: 'quota' }],
    ['a stretch of numbers', { inventory: 'A', from: 9, to: 10.5 }, { name: 'intervals' }],
    ['a stretch in templates', { inventory: 'A', from: '{{ a }}', to: '{{ b }}' }, { name: 'intervals' }],
    [
      'a stretch of times',
      { inventory: 'A', from: '2026-01-31T09:00:00+0100', to: '2026-01-31T08:00:00.001Z' },
      { name: 'intervals' },
    ],
    ['an amount', { inventory: 'A', units: '12.50' }, { name: 'balance' }],
    ['an operation by a name of the suite', { inventory: 'A', operation: 'cancel' }, exclusive],
    [
      'one that is judged by nothing, whatever the rule needs',
      { inventory: 'A', judge: false },
      { name: 'overlapping-orders' },
    ],
    ['the parts of an order', { inventory: 'A', parts: ['{{ a }}', 'b'] }, { name: 'overlapping-orders' }],
  ])('may be %s', (_what, race, rule) => {
    expect(check(race, rule)).not.toThrow();
  });

  const at = 'scenarios.0.flow.1.loop.0.post.race';
  it.each<[unknown, Rule | undefined, string]>([
    [{ onse: 'A' }, undefined, `${at}.onse: unknown key; did you mean "once"?`],
    [{ setles: 'A' }, undefined, `${at}.setles: unknown key; did you mean "settles"?`],
    [{ inventry: 'A' }, undefined, `${at}.inventry: unknown key; did you mean "inventory"?`],
    [{ once: 'A', inventory: 'A' }, undefined, `${at}: has once and inventory; a line has one of them`],
    [{ once: 'A', alow: [404] }, undefined, `${at}.alow: unknown key; did you mean "allow"?`],
    [{ once: 'A', allow: 404 }, undefined, `${at}.allow: must be a list (received 404)`],
    [{ once: '' }, undefined, `${at}.once: must not be empty (received "")`],
    [{ settles: 'A', everyMs: 0 }, undefined, `${at}.everyMs: must be at least 1 (received 0)`],
    [{ settles: 'A', every: 5 }, undefined, `${at}.every: unknown key; did you mean "everyMs"?`],
    [{ settles: 'A', units: 2 }, undefined, `${at}.units: unknown key; known: settles, everyMs, withinMs`],
    [{ inventory: 'A', judge: 'no' }, undefined, `${at}.judge: must be true or false (received "no")`],
    [{ inventory: 'A', operaton: 'hold' }, leased, `${at}.operaton: unknown key; did you mean "operation"?`],
    [{ operation: 'hold' }, leased, `${at}.inventory: missing; must be text or a number`],
    [{ inventory: '' }, leased, `${at}.inventory: must not be empty (received "")`],
    [{ inventory: ['A'] }, leased, `${at}.inventory: must be text or a number (received ["A"])`],
    [
      { inventory: 'A', operation: 'swap' },
      leased,
      `${at}.operation: the rule hold-confirm knows book, hold, confirm, cancel (`,
    ],
    [{ inventory: 'A', release: 'fast' }, leased, `${at}.release: must be simultaneous or a mapping (received "fast")`],
    [
      { inventory: 'A', operation: 'cancel' },
      undefined,
      `${at}.operation: the rule order-race knows book (received "cancel")`,
    ],
    [
      { inventory: 'A', operation: 'hold' },
      { name: 'cancel-rebook', busy: [423] },
      `${at}.operation: the rule cancel-rebook knows book, cancel`,
    ],
    [
      { inventory: 'A', units: 2 },
      undefined,
      `${at}.units: the rule order-race knows no units; set config.plugins.race.rule`,
    ],
    [
      { inventory: 'A', units: 0 },
      { name: 'quota' },
      `${at}.units: must be a whole number from 1, or an amount above 0 (received 0)`,
    ],
    [
      { inventory: 'A', units: 'many' },
      { name: 'quota' },
      `${at}.units: must be a whole number from 1, or an amount above 0 (received "many")`,
    ],
    [
      'A',
      { name: 'double-submit', inProgress: [409] },
      `${at}.idempotencyKey: missing; the rule double-submit needs it`,
    ],
    [{ inventory: 'A' }, { name: 'overlapping-orders' }, `${at}.parts: missing; the rule overlapping-orders needs it`],
    [{ inventory: 'A', from: 9 }, { name: 'intervals' }, `${at}.to: missing; the rule intervals needs it`],
    ['A', { name: 'intervals' }, `${at}.from: missing; the rule intervals needs it`],
    [{ inventory: 'A', from: 9, to: 10 }, { name: 'quota' }, `${at}.from: the rule quota knows no from; set`],
    [
      { inventory: 'A', from: 10, to: 9 },
      { name: 'intervals' },
      `${at}.to: must be later than from (received 10 to 9)`,
    ],
    [{ inventory: 'A', from: 9, to: 9 }, { name: 'intervals' }, `${at}.to: must be later than from (received 9 to 9)`],
    [
      { inventory: 'A', from: '2026-01-31T09:00:00', to: '2026-01-31T10:00:00Z' },
      { name: 'intervals' },
      `${at}.from: must be a number, or a time with its zone such as "2026-01-31T09:00:00+01:00"`,
    ],
    [
      { inventory: 'A', from: '2026-01-31', to: '2026-02-01' },
      { name: 'intervals' },
      `${at}.from: must be a number, or`,
    ],
    [{ inventory: 'A', from: '2026-02-30T09:00Z', to: 10 }, { name: 'intervals' }, `${at}.from: must be a number, or`],
    [
      { inventory: 'A', from: '2026-01-31T09:00+01:00', to: '2026-01-31T08:00Z' },
      { name: 'intervals' },
      `${at}.to: must be later than from`,
    ],
    [
      { inventory: 'A', from: 9, to: '2026-01-31T09:00Z' },
      { name: 'intervals' },
      `${at}.to: from and to must both be numbers, or both be times`,
    ],
    [
      { inventory: 'A', units: '2.5' },
      { name: 'quota' },
      `${at}.units: must be a whole number from 1 under this rule (received 2.5)`,
    ],
    [
      { inventory: 'A', units: '-1' },
      { name: 'balance' },
      `${at}.units: must be a whole number from 1, or an amount above 0`,
    ],
    ['A', exclusive, `${at}.operation: missing; the rule exclusive needs it`],
    [
      { inventory: 'A', operation: 'book' },
      exclusive,
      `${at}.operation: the rule exclusive knows pay, cancel (received "book")`,
    ],
  ])('may not be %j under the rule %j', (race, rule, problem) => {
    expect(check(race, rule)).toThrow(problem);
  });
});

describe('a rendered line that the rule of the run does not take', () => {
  const misfit = (rendered: unknown, rule: Rule) => {
    const line = readRaceLine(rendered, rendered);
    return typeof line === 'string' ? line : misfitOf(line, plan({ rule }));
  };

  it.each<[unknown, Rule, string | undefined]>([
    [
      { inventory: 'A', operation: 'buy' },
      { name: 'quota' },
      'race.operation: the rule quota knows book (received "buy")',
    ],
    [
      { inventory: 'A', from: '10', to: '9' },
      { name: 'intervals' },
      'race.to: must be later than from (received 10 to 9)',
    ],
    [{ inventory: 'A', from: '9', to: '10' }, { name: 'intervals' }, undefined],
    [{ inventory: 'A', units: '2.50' }, { name: 'balance' }, undefined],
    [
      { inventory: 'A', units: 2.5 },
      { name: 'quota' },
      'race.units: must be a whole number from 1 under this rule (received 2.5)',
    ],
  ])('%j under %j', (rendered, rule, problem) => {
    expect(misfit(rendered, rule)).toBe(problem);
  });

  it('takes a time that YAML has read as a date', () => {
    const line = { inventory: 'A', from: new Date('2026-01-31T09:00Z'), to: new Date('2026-01-31T10:00Z') };
    const [from, to] = ['2026-01-31T09:00:00.000Z', '2026-01-31T10:00:00.000Z'];
    expect(readRaceLine(line, line)).toEqual({ inventory: 'A', intent: { from, to } });
  });

  it('keeps amounts and moments as they are written', () => {
    const line = { inventory: 'A', units: '2.50', from: '2026-01-31T09:00Z', to: '2026-01-31T10:00:00+00:00' };
    expect(readRaceLine(line, line)).toEqual({
      inventory: 'A',
      intent: { units: '2.50', from: line.from, to: line.to },
    });
  });
});

describe('a race line beside a raced request', () => {
  it.each([
    ['be a place where all meet', { once: '{{ cart }}', allow: [404, '500-599'] }],
    ['decide an attempt', { settles: '{{ seat }}', everyMs: 100, withinMs: '{{ ms }}' }],
  ])('may %s', (_what, race) => {
    const flow = [{ post: { url: '/', race: 'A' } }, { get: { url: '/', race } }];
    expect(() => checkRaceLines({ scenarios: [{ flow }] }, plan())).not.toThrow();
  });
});

describe('race lines in a before or after section', () => {
  const check = (race: unknown) => () =>
    checkRaceLines(
      {
        scenarios: [{ flow: [{ post: { url: '/', race: 'A1' } }] }],
        before: { flow: [{ get: { url: '/' } }] },
        after: { flow: [{ loop: [{ post: { url: '/', race } }] }] },
      },
      plan(),
    );

  it('are refused, because the plugin does not see them', () => {
    expect(check('A1')).toThrow(ConfigError);
    expect(check('A1')).toThrow(
      /^after\.flow\.0\.loop\.0\.post\.race: nothing races in .*; move the request into a scenario/,
    );
  });

  it.each([undefined, false])('may be %j', (race) => {
    expect(check(race)).not.toThrow();
  });
});

describe('the release of a request', () => {
  const check = (release: unknown) => () =>
    checkRaceLines(
      { scenarios: [{ flow: [{ post: { url: '/', race: { inventory: '{{ s }}', release } } }] }] },
      plan(),
    );
  const where = 'scenarios.0.flow.0.post.race.release';

  it.each([
    'simultaneous',
    { shape: 'ramp', spanMs: 20 },
    { shape: 'sweep', spanMs: '{{ span }}', delayMs: 1, afterPreviousMs: '{{ leaseMs }}' },
    { afterPreviousMs: 300 },
  ])('may be %j', (release) => {
    expect(check(release)).not.toThrow();
  });

  it.each([
    [{ shape: 'ramp' }, `${where}.spanMs: a ramp needs one above 0 (received nothing)`],
    [{ shape: 'sweep', spanMs: 0 }, `${where}.spanMs: a sweep needs one above 0 (received 0)`],
    [{ spanMs: 20 }, `${where}.spanMs: goes with ramp or sweep: set the shape (received 20)`],
    [
      { shape: 'rampe', spanMs: 20 },
      `${where}.shape: must be simultaneous, ramp or sweep; did you mean "ramp"? (received "rampe")`,
    ],
    [{ shape: 'ramp', spannMs: 20 }, `${where}.spannMs: unknown key; did you mean "spanMs"?`],
    [{ shape: 'ramp', spanMs: -1 }, `${where}.spanMs: `],
  ])('is refused where it contradicts itself: %j', (release, problem) => {
    expect(check(release)).toThrow(ConfigError);
    expect(check(release)).toThrow(problem);
  });

  it('is read as numbers, whether a template renders to a number or to text', () => {
    const written = { inventory: 'A', release: { shape: 'sweep', spanMs: '{{ a }}', afterPreviousMs: '{{ b }}' } };
    const read = readRaceLine(written, {
      inventory: 'A',
      release: { shape: 'sweep', spanMs: 5, afterPreviousMs: '300' },
    });
    expect(read).toEqual({
      inventory: 'A',
      intent: {},
      release: { shape: 'sweep', spanMs: 5, delayMs: 0, afterPreviousMs: 300 },
    });
    expect(readRaceLine({ inventory: 'A' }, { inventory: 'A' })).toEqual({ inventory: 'A', intent: {} });
    expect(readRaceLine(written, { inventory: 'A', release: { shape: 'sweep', spanMs: 'wide' } })).toMatch(
      /^race\.release/,
    );
  });
});
