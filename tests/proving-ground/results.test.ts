import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { withSection } from '../../bench/report/files.ts';
import type { Outcome } from '../../proving-ground/arms/index.ts';
import { readOptions, readPackOptions } from '../../proving-ground/options.ts';
import { comparedSection, raceSection, sectionsOf } from '../../proving-ground/page.ts';
import { ALL_LOCKS, type NamedLock, raceOf } from '../../proving-ground/race.ts';
import { isAsExpected, measuredRow, merged, type Row, rowOf } from '../../proving-ground/results.ts';
import { root } from '../support/artillery.ts';

const TAKEN = { on: '2026-11-24', machine: ['a machine'] };
const SIZE = { contenders: 100, seats: 16 };
const WRONG = { verdict: 'fail', finding: 'double-booking' } as const;

const outcome = (given: Partial<Outcome> = {}): Outcome => ({
  exitCode: 3,
  verdict: 'fail',
  findings: ['double-booking'],
  caught: 16,
  spreadMs: 1.5,
  ...given,
});

function named(store: string, name: string): NamedLock {
  const found = ALL_LOCKS.find((lock) => lock.store === store && lock.name === name);
  if (found === undefined) throw new Error(`there is no lock ${name} in ${store}`);
  return found;
}

const row = (store: string, name: string, outcomes: readonly (Outcome | undefined)[], arm = 'plugin'): Row =>
  rowOf({ store, name, expected: named(store, name).lock.expected }, arm, SIZE, outcomes, TAKEN);

describe('a run is as expected', () => {
  it.each([
    ['the verdict and the finding that names the bug', outcome({ findings: ['lost-booking', 'double-booking'] }), true],
    ['the verdict with another finding only', outcome({ findings: ['slow'] }), false],
    ['inconclusive', outcome({ verdict: 'inconclusive' }), false],
    ['a pass', outcome({ verdict: 'pass', findings: [] }), false],
    ['a run that breaks', undefined, false],
  ])('for a wrong lock: %s → %s', (_, result, expected) => {
    expect(isAsExpected(WRONG, 'plugin', result)).toBe(expected);
    expect(isAsExpected(WRONG, 'scenario', result)).toBe(expected);
  });

  it('for a lock that should be inconclusive: inconclusive or fail, with the finding', () => {
    const doubt = { verdict: 'inconclusive', finding: 'indeterminate' } as const;
    const isCaught = (given: Partial<Outcome>) => isAsExpected(doubt, 'plugin', outcome(given));
    expect(isCaught({ verdict: 'inconclusive', findings: ['indeterminate'] })).toBe(true);
    expect(isCaught({ verdict: 'fail', findings: ['slow', 'indeterminate'] })).toBe(true);
    expect(isCaught({ verdict: 'inconclusive', findings: ['weak-contention'] })).toBe(false);
    expect(isCaught({ verdict: 'pass', findings: [] })).toBe(false);
  });

  it('for a right lock: only a pass', () => {
    const passes = (result: Outcome | undefined) => isAsExpected({ verdict: 'pass' }, 'plugin', result);
    expect(passes(outcome({ verdict: 'pass', findings: [] }))).toBe(true);
    expect(passes(outcome({ verdict: 'inconclusive' }))).toBe(false);
    expect(passes(undefined)).toBe(false);
  });

  it('for another tool: any verdict but a pass', () => {
    expect(isAsExpected(WRONG, 'ensure', outcome({ findings: ['totals'] }))).toBe(true);
    expect(isAsExpected(WRONG, 'ensure', outcome({ verdict: 'pass' }))).toBe(false);
  });
});

describe('the rows', () => {
  it('count the results of the runs', () => {
    const runs = [outcome(), outcome({ caught: 9, spreadMs: 2.5, findings: ['double-booking', 'slow'] }), undefined];
    expect(row('sqlite', 'none', runs)).toMatchObject({
      runs: 3,
      asExpected: 2,
      verdicts: { fail: 2, broken: 1 },
      findings: { 'double-booking': 2, slow: 1 },
      caught: [0, 16],
      spreadMs: 2,
    });
  });

  it('replace rows of the same lock, arm and size, and no others', () => {
    const old = [row('sqlite', 'none', [undefined]), row('postgres', 'none', [outcome()])];
    const fresh = [row('sqlite', 'none', [outcome()]), row('sqlite', 'none', [outcome()], 'ensure')];
    expect(merged(old, fresh)).toEqual([fresh[0], old[1], fresh[1]]);
  });
});

describe('the page', () => {
  const passed = outcome({ exitCode: 0, verdict: 'pass', findings: [], caught: 0 });
  const rows = [
    row('sqlite', 'none', [outcome(), outcome()]),
    row('sqlite', 'stale-cache', [outcome(), passed]),
    row('sqlite', 'unique', [passed, passed]),
    row('sqlite', 'version', [passed, outcome()]),
    row('sqlite', 'none', [passed], 'ensure'),
    row('sqlite', 'unique', [passed], 'ensure'),
  ];

  it('counts only the locks that were raced, and names the others', () => {
    const page = raceSection(rows);
    expect(page).toContain('Wrong locks caught in every run: **1 of 2**');
    expect(page).toContain('Right locks accused in any run: **1 of 2**');
    expect(page).toContain('Not as expected in every run: version (sqlite), stale-cache (sqlite)');
    expect(page).toMatch(/Not raced, so not counted: .*for-update \(postgres\)/);
    expect(page).toContain('- 2026-11-24: a machine');
  });

  it('shows a lock, the store, the expected verdict, the actual verdicts and the share of the seats', () => {
    expect(raceSection(rows)).toContain(
      '| [stale-cache](../reference-api/locks/sqlite/stale-cache.ts) | sqlite | fail: double-booking | ' +
        '✗ fail 1 of 2, pass 1 of 2 | double-booking (1) | 0–16 of 16 | 1.50 ms |',
    );
  });

  it('compares this plugin with the other arms', () => {
    const page = comparedSection(rows);
    expect(page).toContain('(../reference-api/locks/sqlite/none.ts) | sqlite | ✓ 2 of 2 | ✗ 0 of 1 | – | – |');
    expect(page).toContain('| right locks accused |  | 1 of 2 | 0 of 1 | – | – |');
  });
});

it('every section of docs/detection.md can be generated, and is in the page', () => {
  const page = fs.readFileSync(path.join(root, 'docs/detection.md'), 'utf8');
  const rows = JSON.parse(fs.readFileSync(path.join(root, 'docs/detection.json'), 'utf8')) as Row[];
  for (const [name, section] of Object.entries(sectionsOf(rows))) {
    expect(withSection(page, name, section)).toBe(page);
  }
});

describe('the options', () => {
  const options = (...args: string[]) => {
    const parsed = readOptions(args);
    if (parsed === 'help') throw new Error('nobody asked for help');
    return parsed;
  };

  it('default to one run of every lock, at 100 × 16, with this plugin', () => {
    expect(options()).toMatchObject({ size: SIZE, repeat: 1, locks: ALL_LOCKS, dry: false });
    expect(options().arms.map(({ id }) => id)).toEqual(['plugin']);
  });

  it('choose locks by name, in all stores or in one', () => {
    const names = (...args: string[]) => options(...args).locks.map(({ store, name }) => `${store}:${name}`);
    expect(names('--only', 'none')).toEqual(['sqlite:none', 'postgres:none']);
    expect(names('--only', 'postgres:none, lua')).toEqual(['postgres:none', 'redis:lua']);
    expect(names('--store', 'redis').every((name) => name.startsWith('redis:'))).toBe(true);
  });

  it.each([
    [['--only', 'hope'], 'there is no lock "hope"; known: sqlite:unique,'],
    [['--only', 'lua', '--store', 'sqlite'], 'there is no lock "lua"'],
    [['--store', 'mongo'], 'there is no store "mongo"; known: sqlite, postgres, redis'],
    [['--arms', 'k6'], 'there is no arm "k6"; known: plugin, ensure, promise-all, autocannon'],
    [['--repeat', '0'], '--repeat: must be a whole number from 1'],
    [['--vus', 'many'], '--vus: must be a whole number from 2'],
    [['--luck'], "Unknown option '--luck'"],
  ])('%j is refused in one line', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});

describe('a measurement that goes on', () => {
  const saved = [row('postgres', 'none', [outcome(), outcome()])];
  const wanted = { store: 'postgres', name: 'none', arm: 'plugin', ...SIZE };

  it('leaves out what has as many runs on the same machine and commit', () => {
    expect(measuredRow(saved, wanted, 2, TAKEN.machine)).toBe(saved[0]);
    expect(measuredRow(saved, wanted, 1, TAKEN.machine)).toBe(saved[0]);
  });

  it('measures again what broke', () => {
    const broken = [row('postgres', 'none', [outcome(), undefined])];
    expect(measuredRow(broken, wanted, 2, TAKEN.machine)).toBeUndefined();
  });

  it('measures again what has fewer runs, and what is of another machine, commit, lock, arm or size', () => {
    expect(measuredRow(saved, wanted, 3, TAKEN.machine)).toBeUndefined();
    expect(measuredRow(saved, wanted, 2, ['another commit'])).toBeUndefined();
    for (const other of [{ store: 'redis' }, { name: 'unique' }, { arm: 'autocannon' }, { seats: 4 }])
      expect(measuredRow(saved, { ...wanted, ...other }, 2, TAKEN.machine)).toBeUndefined();
  });
});

describe('the options of the scenario pack', () => {
  const known = new Set(['quota', 'coupon']);

  it('default to one run of every scenario, or choose scenarios by name', () => {
    expect(readPackOptions([], known)).toEqual({ scenarios: known, repeat: 1, dry: false, resume: false });
    expect(readPackOptions(['--only', 'quota', '--repeat', '3', '--dry'], known)).toEqual({
      scenarios: new Set(['quota']),
      repeat: 3,
      dry: true,
      resume: false,
    });
    expect(readPackOptions(['--help'], known)).toBe('help');
  });

  // If they were accepted, they would race nothing and report that all of it was as expected.
  it.each([
    [['--only', 'quotas'], 'there is no scenario "quotas"; known: quota, coupon'],
    [['--only', ''], 'there is no scenario ""'],
    [['--repeat', '0'], '--repeat: must be a whole number from 1'],
    [['--repeat', 'ten'], '--repeat: must be a whole number from 1'],
    [['--luck'], "Unknown option '--luck'"],
  ])('%j is refused in one line', (args, message) => {
    expect(() => readPackOptions(args, known)).toThrow(message);
  });
});

it('a lock gets the race that it needs: pairs of seats, units, a timeout', () => {
  expect(raceOf(named('postgres', 'lock-order'), { contenders: 2, seats: 1 })).toMatchObject({
    pairs: true,
    orders: [[expect.any(String), expect.stringMatching(/-neighbour$/)]],
  });
  expect(raceOf(named('postgres', 'count-check'), SIZE).capacity).toBe(4);
  expect(raceOf(named('postgres', 'leaked-connection'), SIZE).timeoutMs).toBe(1000);
});
