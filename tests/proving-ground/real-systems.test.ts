import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { helpOf, readOptions } from '../../proving-ground/real-systems/options.ts';
import { tableOf } from '../../proving-ground/real-systems/page.ts';
import { pretix } from '../../proving-ground/real-systems/pretix/index.ts';
import { needsCompiler } from '../../proving-ground/real-systems/pretix/python.ts';
import { resultOf } from '../../proving-ground/real-systems/result.ts';
import { vendure } from '../../proving-ground/real-systems/vendure/index.ts';
import { root } from '../support/artillery.ts';

const SYSTEMS = [pretix, vendure];
const shop = { name: 'shop', version: '1.0', seats: ['A', 'B'] };
const once = [
  { seat: 'A', sold: 1 },
  { seat: 'B', sold: 1 },
];
const twice = [
  { seat: 'A', sold: 3 },
  { seat: 'B', sold: 1 },
];
const passed = { verdict: 'pass', stored: 2, findings: [] } as const;
const failed = { verdict: 'fail', stored: 4, findings: [{ id: 'double-booking' }, { id: 'double-booking' }] } as const;

describe('a result', () => {
  it('is as expected where the right lock passes and each seat is in the database once', () => {
    expect(resultOf(shop, 'right', passed, once)).toEqual({
      system: 'shop',
      version: '1.0',
      lock: 'right',
      verdict: 'pass',
      findings: [],
      sold: 2,
      capacity: 2,
      asExpected: true,
    });
  });

  it('is as expected where the disabled lock fails and a seat is in the database more than once', () => {
    const result = resultOf(shop, 'disabled', failed, twice);
    expect(result).toMatchObject({ findings: ['double-booking'], sold: 4, capacity: 2, asExpected: true });
  });

  it('needs no equal count where the suite reads two books and they disagree', () => {
    const findings = [...failed.findings, { id: 'books-disagree' }];
    expect(resultOf(shop, 'disabled', { ...failed, stored: 3, findings }, twice).asExpected).toBe(true);
  });

  it.for([
    ['a pass, though a seat was sold twice', 'right', passed, twice],
    ['a pass, though a seat was not sold', 'right', passed, once.slice(1)],
    ['a right lock that is accused', 'right', failed, once],
    ['a double booking that the database does not have', 'disabled', failed, once],
    ['a double booking that the verdict does not name', 'disabled', { ...failed, findings: [{ id: 'slow' }] }, twice],
    ['a verdict that counts other sales than the database', 'disabled', { ...failed, stored: 3 }, twice],
    ['a verdict that could not ask the database', 'right', { verdict: 'pass', findings: [] }, once],
    ['no verdict either way', 'disabled', { ...failed, verdict: 'inconclusive' }, twice],
  ] as const)('is not as expected: %s', ([, lock, verdict, rows]) => {
    expect(resultOf(shop, lock, verdict, rows).asExpected).toBe(false);
  });

  it('is a row of the table', () => {
    expect(tableOf([resultOf(shop, 'disabled', failed, twice)])).toContain(
      '| shop | 1.0 | disabled | fail | double-booking | 4 | 2 | ✓ |',
    );
  });
});

describe('the command line', () => {
  it('takes all systems, or those that are named', () => {
    expect(readOptions([], SYSTEMS)).toEqual({ systems: SYSTEMS, json: false, dry: false });
    expect(readOptions(['--only', 'pretix', '--json'], SYSTEMS)).toMatchObject({ json: true, systems: [pretix] });
    expect(readOptions(['--help'], SYSTEMS)).toBe('help');
    expect(helpOf(SYSTEMS)).toContain('pretix');
  });

  it('says which systems there are', () => {
    expect(() => readOptions(['--only', 'pretics'], SYSTEMS)).toThrow(
      '--only: there is no system "pretics"; known: pretix, vendure',
    );
    expect(() => readOptions(['--jsn'], SYSTEMS)).toThrow("Unknown option '--jsn'");
  });
});

it('knows where pip fails for want of a compiler', () => {
  expect(needsCompiler("error: command 'gcc' failed")).toBe(true);
  expect(needsCompiler('No matching distribution found')).toBe(false);
});

it.for(SYSTEMS)('the suite of $name races for the seats that are set up', (system) => {
  const { race } = parse(fs.readFileSync(system.suite, 'utf8')).config.plugins;
  const inventories: (string | { key: string })[] = race.inventories;
  const keys = inventories.map((inventory) => (typeof inventory === 'string' ? inventory : inventory.key));
  expect(keys).toEqual(system.seats);
});

it('docs/real-systems.md prints the suites as they are (`npm run generate` copies them)', async () => {
  let printed = fs.readFileSync(path.join(root, 'docs/real-systems.md'), 'utf8');
  for (const { suite } of SYSTEMS) {
    const link = `](../${path.relative(root, suite)})\n\n\`\`\`yaml\n`;
    const [head = '', tail = ''] = printed.split(link);
    printed = `${head}${link}${fs.readFileSync(suite, 'utf8')}\`\`\`${tail.slice(tail.indexOf('```') + 3)}`;
  }
  await expect(printed).toMatchFileSnapshot('../../docs/real-systems.md');
});
