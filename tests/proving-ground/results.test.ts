import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../proving-ground/arms/index.ts';
import { readOptions, readPackOptions } from '../../proving-ground/options.ts';
import { comparedSection, raceSection } from '../../proving-ground/page.ts';
import { ENTRANTS, type Entrant, raceOf } from '../../proving-ground/race.ts';
import { isAsExpected, merged, type Row, rowOf } from '../../proving-ground/results.ts';

const TAKEN = { on: '2026-11-24', machine: ['a machine'] };
const SIZE = { contenders: 100, seats: 16 };
const WRONG = { verdict: 'fail', finding: 'double-booking' } as const;

const outcome = (its: Partial<Outcome> = {}): Outcome => ({
  exitCode: 3,
  verdict: 'fail',
  findings: ['double-booking'],
  caught: 16,
  spreadMs: 1.5,
  ...its,
});

function entrant(store: string, name: string): Entrant {
  const found = ENTRANTS.find((its) => its.store === store && its.name === name);
  if (found === undefined) throw new Error(`no ${name} in ${store}`);
  return found;
}

const row = (store: string, name: string, outcomes: readonly (Outcome | undefined)[], arm = 'plugin'): Row =>
  rowOf(entrant(store, name), arm, SIZE, outcomes, TAKEN);

describe('a run is as expected', () => {
  it.each([
    ['the verdict and the finding that names the bug', outcome({ findings: ['lost-booking', 'double-booking'] }), true],
    ['the verdict for another reason', outcome({ findings: ['slow'] }), false],
    ['a doubt', outcome({ verdict: 'inconclusive' }), false],
    ['a pass', outcome({ verdict: 'pass', findings: [] }), false],
    ['no end', undefined, false],
  ])('of a wrong strategy: %s → %s', (_, its, expected) => {
    expect(isAsExpected(WRONG, 'plugin', its)).toBe(expected);
  });

  it('of one that leaves only a doubt: the doubt, or more', () => {
    const doubt = { verdict: 'inconclusive', finding: 'indeterminate' } as const;
    const isCaught = (its: Partial<Outcome>) => isAsExpected(doubt, 'plugin', outcome(its));
    expect(isCaught({ verdict: 'inconclusive', findings: ['indeterminate'] })).toBe(true);
    expect(isCaught({ verdict: 'fail', findings: ['slow', 'indeterminate'] })).toBe(true);
    expect(isCaught({ verdict: 'inconclusive', findings: ['weak-contention'] })).toBe(false);
    expect(isCaught({ verdict: 'pass', findings: [] })).toBe(false);
  });

  it('of a right strategy: a pass, and nothing else', () => {
    const passes = (its: Outcome | undefined) => isAsExpected({ verdict: 'pass' }, 'plugin', its);
    expect(passes(outcome({ verdict: 'pass', findings: [] }))).toBe(true);
    expect(passes(outcome({ verdict: 'inconclusive' }))).toBe(false);
    expect(passes(undefined)).toBe(false);
  });

  it('of another tool: that it says no is enough', () => {
    expect(isAsExpected(WRONG, 'ensure', outcome({ findings: ['totals'] }))).toBe(true);
    expect(isAsExpected(WRONG, 'ensure', outcome({ verdict: 'pass' }))).toBe(false);
  });
});

describe('the rows', () => {
  it('count what the runs came to', () => {
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

  it('take the place of those of the same strategy, arm and size, and of no others', () => {
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

  it('counts only what was raced, and names the rest', () => {
    const page = raceSection(rows);
    expect(page).toContain('Wrong ones caught in every run: **1 of 2**');
    expect(page).toContain('Right ones accused in any run: **1 of 2**');
    expect(page).toContain('Not as expected in every run: version (sqlite), stale-cache (sqlite)');
    expect(page).toMatch(/Not raced, and not counted: .*for-update \(postgres\)/);
    expect(page).toContain('- 2026-11-24: a machine');
  });

  it('shows a strategy, its store, what was expected, what came, and how much of it', () => {
    expect(raceSection(rows)).toContain(
      '| [stale-cache](../reference-api/locks/sqlite/stale-cache.ts) | sqlite | fail: double-booking | ' +
        '✗ fail 1 of 2, pass 1 of 2 | double-booking (1) | 0–16 of 16 | 1.50 ms |',
    );
  });

  it('sets this plugin beside the other arms', () => {
    const page = comparedSection(rows);
    expect(page).toContain('(../reference-api/locks/sqlite/none.ts) | sqlite | ✓ 2 of 2 | ✗ 0 of 1 | – | – |');
    expect(page).toContain('| right ones accused |  | 1 of 2 | 0 of 1 | 0 of 0 | 0 of 0 |');
  });
});

describe('the options', () => {
  const options = (...args: string[]) => {
    const its = readOptions(args);
    if (its === 'help') throw new Error('help was not asked for');
    return its;
  };

  it('are all strategies, once, at 100 × 16, raced by this plugin', () => {
    expect(options()).toMatchObject({ size: SIZE, repeat: 1, entrants: ENTRANTS, dry: false });
    expect(options().arms.map(({ id }) => id)).toEqual(['plugin']);
  });

  it('choose strategies by name, in all stores or in one', () => {
    const names = (...args: string[]) => options(...args).entrants.map(({ store, name }) => `${store}:${name}`);
    expect(names('--only', 'none')).toEqual(['sqlite:none', 'postgres:none']);
    expect(names('--only', 'postgres:none, lua')).toEqual(['postgres:none', 'redis:lua']);
    expect(names('--store', 'redis').every((name) => name.startsWith('redis:'))).toBe(true);
  });

  it.each([
    [['--only', 'hope'], 'there is no strategy "hope"; known: sqlite:unique,'],
    [['--only', 'lua', '--store', 'sqlite'], 'there is no strategy "lua"'],
    [['--store', 'mongo'], 'there is no store "mongo"; known: sqlite, postgres, redis'],
    [['--arms', 'k6'], 'there is no "k6", but plugin, ensure, promise-all, autocannon'],
    [['--repeat', '0'], '--repeat: must be a whole number from 1'],
    [['--vus', 'many'], '--vus: must be a whole number from 2'],
    [['--luck'], "Unknown option '--luck'"],
  ])('%j is refused in one line', (args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });
});

describe('the options of the scenario pack', () => {
  const known = new Set(['quota', 'coupon']);

  it('are all scenarios, once, or those that are named', () => {
    expect(readPackOptions([], known)).toEqual({ scenarios: known, repeat: 1, dry: false });
    expect(readPackOptions(['--only', 'quota', '--repeat', '3', '--dry'], known)).toEqual({
      scenarios: new Set(['quota']),
      repeat: 3,
      dry: true,
    });
    expect(readPackOptions(['--help'], known)).toBe('help');
  });

  // Each would race nothing, and find that all of nothing came to what it should.
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

it('a strategy that needs a race of its own gets it: pairs of seats, units, patience', () => {
  expect(raceOf(entrant('postgres', 'lock-order'), { contenders: 2, seats: 1 })).toMatchObject({
    pairs: true,
    orders: [[expect.any(String), expect.stringMatching(/-neighbour$/)]],
  });
  expect(raceOf(entrant('postgres', 'count-check'), SIZE).capacity).toBe(4);
  expect(raceOf(entrant('postgres', 'leaked-connection'), SIZE).patienceMs).toBe(1000);
});
