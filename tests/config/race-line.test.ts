import { describe, expect, it } from 'vitest';
import { checkRaceLines, readRaceLine } from '../../plugin/src/config/index.ts';
import type { Rule } from '../../plugin/src/model/index.ts';
import { plan } from '../support/histories.ts';

describe('the race line of a request, rendered', () => {
  it.each<[string, unknown, unknown, unknown]>([
    ['a text', 'A1', 'A1', { inventory: 'A1', intent: {} }],
    ['a number that a template gave', '{{ seat }}', 7, { inventory: '7', intent: {} }],
    ['a mapping with the inventory alone', { inventory: 'A1' }, { inventory: 'A1' }, { inventory: 'A1', intent: {} }],
    [
      'everything that can be said',
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
    [{ units: 1 }, { units: 1 }, 'race.inventory: '],
    [{ inventory: 'A', parts: '{{ p }}' }, { inventory: 'A', parts: [] }, 'race.parts: must name at least one part'],
    [{ inventory: 'A', operation: '{{ o }}' }, { inventory: 'A', operation: 'buy' }, 'race.operation: '],
  ])('names nothing that can be raced for: %j as %j', (written, rendered, problem) => {
    const read = readRaceLine(written, rendered);
    expect(typeof read === 'string' && read.startsWith(problem), String(read)).toBe(true);
  });
});

describe('the race lines of a script', () => {
  const check = (race: unknown, rule?: Rule) => () =>
    checkRaceLines(
      [{ flow: [{ think: 1 }, { loop: [{ post: { url: '/', json: { race: 5 }, race } }], count: 2 }] }],
      plan(rule === undefined ? {} : { rule }),
    );
  const leased: Rule = { name: 'hold-confirm', leaseMs: 1000, toleranceMs: 20, busy: [423] };

  it.each<[string, unknown, Rule | undefined]>([
    ['a text', '{{ $loopElement }}', undefined],
    ['none', undefined, undefined],
    ['one that is switched off', false, undefined],
    ['an operation that the rule knows', { inventory: 'A', operation: 'confirm' }, leased],
    ['templates, of which nobody knows yet what they will be', { inventory: '{{ a }}', operation: '{{ b }}' }, leased],
    ['templates for numbers and lists', { inventory: 'A', units: '{{ n }}' }, { name: 'quota' }],
    ['the parts of an order', { inventory: 'A', parts: ['{{ a }}', 'b'] }, { name: 'overlapping-orders' }],
  ])('may be %s', (_what, race, rule) => {
    expect(check(race, rule)).not.toThrow();
  });

  const at = 'scenarios.0.flow.1.loop.0.post.race';
  it.each<[unknown, Rule | undefined, string]>([
    [{ inventory: 'A', operaton: 'hold' }, leased, `${at}.operaton: unknown key; did you mean "operation"?`],
    [{ operation: 'hold' }, leased, `${at}.inventory: `],
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
    [{ inventory: 'A', units: 0 }, { name: 'quota' }, `${at}.units: `],
    [
      'A',
      { name: 'double-submit', inProgress: [409] },
      `${at}.idempotencyKey: missing; the rule double-submit needs it`,
    ],
    [{ inventory: 'A' }, { name: 'overlapping-orders' }, `${at}.parts: missing; the rule overlapping-orders needs it`],
  ])('may not be %j under the rule %j', (race, rule, problem) => {
    expect(check(race, rule)).toThrow(problem);
  });
});
