import fs from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { parse } from 'yaml';
import { parseInitArguments } from '../../plugin/src/init/arguments.ts';
import { silentAsker } from '../../plugin/src/init/ask.ts';
import { raceInto } from '../../plugin/src/init/into/index.ts';
import { root } from '../support/artillery.ts';
import { it, temporaryFolder } from '../support/fixtures.ts';

interface Inserted {
  readonly before: string;
  readonly after: string;
  readonly said: readonly string[];
}

/** Runs `init --into` on a suite. */
async function into(before: string, args: readonly string[], name = 'suite.yml'): Promise<Inserted> {
  const file = path.join(temporaryFolder('into-'), name);
  fs.writeFileSync(file, before);
  const parsed = parseInitArguments(['--into', file, ...args]);
  if (parsed === undefined) throw new Error('asked for help');
  const said = await raceInto(file, parsed, silentAsker);
  return { before, after: fs.readFileSync(file, 'utf8'), said };
}

/** The lines that are new; every other line must be there as it was, in order. */
function added({ before, after }: Inserted): string[] {
  const old = before.split('\n');
  const lines = after.split('\n').filter((line) => {
    if (line !== old[0]) return true;
    old.shift();
    return false;
  });
  expect(old).toEqual([]);
  return lines;
}

const ORDERS = ['--request', 'POST /orders'];

const SUITE = `# my load test
config:
    target: https://shop.example # the target
    phases:
        - duration: 10
          arrivalRate: 5 # per second

scenarios:
    - name: buy
      flow:
          - get: { url: /seats }
          - post:
              url: "/orders"   # books
              json:
                  seat: "{{ seat }}"   # drawn
                  who: ann
              # the end
          - think: 1`;

describe('a suite in blocks', () => {
  it('gets the plugin and one line, indented as it is, and keeps its comments', async () => {
    const inserted = await into(SUITE, [...ORDERS, '--inventories', 'A1, no']);
    expect(added(inserted)).toEqual([
      '    plugins:',
      '        race:',
      '            contenders: 10',
      '            inventories: [A1, "no"]',
      '              race: "{{ seat }}"',
    ]);
    expect(inserted.said).toEqual([expect.stringContaining('POST /orders is raced now')]);
  });

  it('keeps the plugins that it has', async () => {
    const before = SUITE.replace('    phases:', '    plugins:\n        expect: {} # mine\n    phases:');
    const { after, ...rest } = await into(before, ORDERS);
    expect(added({ after, ...rest })).toEqual([
      '        race:',
      '            contenders: 10',
      '              race: "{{ seat }}"',
    ]);
    expect(parse(after).config.plugins).toEqual({ expect: {}, race: { contenders: 10 } });
  });

  it('may have a key plugins without anything below it', async () => {
    const inserted = await into(SUITE.replace('    phases:', '    plugins:\n    phases:'), ORDERS);
    expect(added(inserted)).toEqual([
      '        race:',
      '            contenders: 10',
      '              race: "{{ seat }}"',
    ]);
  });

  it('may end without a line break, in the request', async () => {
    const inserted = await into(SUITE.replace(/\n {14}# the end.*$/s, ''), ORDERS);
    expect(inserted.after.endsWith('who: ann\n              race: "{{ seat }}"')).toBe(true);
  });

  it('needs no number of contenders where its only phase says it', async () => {
    const counted = SUITE.replace('duration: 10\n          arrivalRate: 5', 'duration: 1\n          arrivalCount: 20');
    expect(added(await into(counted, ORDERS))).toContain('        race: {}');
  });
});

describe('a suite in braces', () => {
  it('with a byte order mark and line ends of Windows keeps both', async () => {
    const before =
      '\uFEFFconfig: { target: http://x, phases: [{ duration: 1, arrivalCount: 5 }] }\r\nscenarios:\r\n  - flow:\r\n' +
      '      - loop:\r\n          - post: { url: "/seats/{{ $loopElement }}/book", json: { a: 1 } } # x\r\n        over: seats\r\n';
    const { after } = await into(before, ['--request', 'POST /seats/{id}/book', '--inventories', 'a']);
    expect(after).toBe(
      before
        .replace('5 }] }', '5 }], plugins: { race: { inventories: [a] } } }')
        .replace('{ a: 1 }', '{ a: 1 }, race: "{{ $loopElement }}"'),
    );
  });

  it('in JSON stays JSON, and a number stays a number', async () => {
    const before =
      '{"config":{"target":"http://x","phases":[{"duration":1,"arrivalCount":5}],"plugins":{}},"scenarios":[{"flow":[{"post":{"url":"/orders","json":{"seat":17}}}]}]}';
    const { after } = await into(before, [...ORDERS, '--inventories', '17,18'], 'suite.json');
    const { config, scenarios } = JSON.parse(after);
    expect(config.plugins).toEqual({ race: { inventories: [17, 18] } });
    expect(scenarios[0].flow[0].post.race).toBe(17);
  });

  it('may have line ends of Windows in its blocks too', async () => {
    const inserted = await into(SUITE.replaceAll('\n', '\r\n'), ORDERS);
    expect(inserted.after.replaceAll('\r\n', '')).not.toContain('\n');
    expect(added(inserted)).toEqual([
      '    plugins:\r',
      '        race:\r',
      '            contenders: 10\r',
      '              race: "{{ seat }}"\r',
    ]);
  });
});

describe('what is there already', () => {
  it('is left alone, to the last byte', async () => {
    const { after } = await into(SUITE, ORDERS);
    const again = await into(after, ORDERS);
    expect(again.after).toBe(after);
    expect(again.said).toEqual([expect.stringContaining('Nothing was changed')]);
  });

  it('is left alone in every recipe', async () => {
    const folder = path.join(root, 'examples/races');
    const text = fs.readFileSync(path.join(folder, 'graphql.yml'), 'utf8');
    expect((await into(text, ['--request', 'POST /graphql'])).after).toBe(text);
  });
});

describe('what names the seat', () => {
  const paid = SUITE.replace('seat: "{{ seat }}"', 'item: "{{ item }}"\n                  card: "{{ card }}"');

  it.for([
    ['its field', 'item', '"{{ item }}"'],
    ['its path', '$.item', '"{{ item }}"'],
    ['its template', '{{ card }}', '"{{ card }}"'],
    ['a value', 'ann', 'ann'],
  ] as const)('is %s', async ([, seat, line]) => {
    const inserted = await into(paid, [...ORDERS, '--seat', seat]);
    expect(added(inserted)).toContain(`              race: ${line}`);
  });

  it('is asked for where it is not clear', async () => {
    const unclear = paid.replace('item:', 'first:');
    await expect(into(unclear, ORDERS)).rejects.toThrow('--seat: is needed');
  });

  it('is an error where nothing matches', async () => {
    await expect(into(SUITE, [...ORDERS, '--seat', 'row'])).rejects.toThrow('--seat: nothing in POST /orders');
  });
});

describe('a request that is not clear', () => {
  const twice = SUITE.replace('- think: 1', '- put: { url: "/orders/{{ id }}" }\n          - put: { url: /orders/1 }');

  it('is an error that lists the requests', async () => {
    await expect(into(SUITE, ['--request', 'POST /order'])).rejects.toThrow(
      /has no POST \/order; it has:\n {2}GET \/seats\n {2}POST \/orders$/,
    );
    await expect(into(twice, ['--request', 'PUT /orders/{id}'])).rejects.toThrow(/several times; it has:\n/);
  });

  it('is the one that is written so, where another fits as well', async () => {
    const { after } = await into(twice, ['--request', 'PUT /orders/1', '--seat', '1']);
    expect(after).toContain('{ url: /orders/1, race: "1" }');
  });

  it('books nothing if it is a GET', async () => {
    await expect(into(SUITE, ['--request', 'GET /seats'])).rejects.toThrow('books nothing');
  });
});

it('a file that is no suite is an error', async () => {
  await expect(into('a: [', ORDERS)).rejects.toThrow('suite.yml: ');
  await expect(into('[]', ORDERS)).rejects.toThrow('is no Artillery suite');
  await expect(into('scenarios: []', ORDERS)).rejects.toThrow('has no requests');
  await expect(into('x', ORDERS, 'suite.ts')).rejects.toThrow('--into: must be a suite in YAML or JSON');
});

it('says that a request without a variable books one seat alone', async () => {
  const suite =
    'config:\n  target: http://x\nscenarios:\n  - flow:\n      - post:\n          url: /orders\n          json: { seat: A0 }\n';
  const free = ['--inventories', 'A1,A2'];
  expect((await into(suite, [...ORDERS, '--seat', 'seat', ...free])).said[1]).toMatch(/^It books A0 alone: /);
  const own = suite.replace('A0', '"{{ seat }}"');
  expect((await into(own, [...ORDERS, '--seat', 'seat', ...free])).said).toHaveLength(1);
});

it('races a variable of the path by its name', async () => {
  const suite =
    'config:\n  target: http://x\nscenarios:\n  - flow:\n      - put:\n          url: /seats/{{ id }}?x=1\n';
  const { after } = await into(suite, ['--request', 'PUT /seats/{id}', '--seat', 'id']);
  expect(after).toContain('race: "{{ id }}"');
});
