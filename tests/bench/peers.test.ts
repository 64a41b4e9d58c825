import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OptionError } from '../../bench/options.ts';
import { coresFor, onCores } from '../../bench/peers/cores.ts';
import { missingIn, type PeerRun } from '../../bench/peers/measure.ts';
import { PEERS } from '../../bench/peers/names.ts';
import { readPeersOptions } from '../../bench/peers/options.ts';
import { firstRoundsOf, type PeerFigures, type PeerRuns, peerFigures } from '../../bench/peers/results.ts';
import { TOOLS } from '../../bench/peers/tools.ts';
import { childCpuIn } from '../../bench/peers/usage.ts';
import { peersSection } from '../../bench/report/peers.ts';

describe('the options of bench:peers', () => {
  it('compare all tools on the target in Node unless told otherwise', () => {
    const options = { arms: PEERS, contenders: 100, rounds: 16, repeat: 3, target: 'node', json: false, dry: false };
    expect(readPeersOptions([])).toMatchObject({ ...options, command: 'npm run bench:peers' });
    const given = ['--arms', 'k6, stock,k6', '--contenders', '10', '--rounds', '2', '--repeat', '1', '--target', 'go'];
    expect(readPeersOptions([...given, '--json'])).toMatchObject({
      arms: ['k6', 'stock'],
      contenders: 10,
      rounds: 2,
      repeat: 1,
      target: 'go',
      json: true,
      command: `npm run bench:peers -- ${given.join(' ')}`,
    });
  });

  it.each([
    [['--arms', 'k7'], '--arms: there is no arm "k7"; known: ours-http1, ours-http2, stock'],
    [['--arms', ''], '--arms: there is no arm ""'],
    [['--target', 'rust'], '--target: there is no target "rust"; known: node, go'],
    [['--contenders', '1'], '--contenders must be whole numbers of at least 2'],
    [['--contenders', '10,20'], '--contenders must be one number: 10,20'],
    [['--contenders', '5000'], '--contenders must be at most 2000: 5000'],
    [['--rounds', '0'], '--rounds must be whole numbers of at least 1'],
    [['--repeat', 'often'], '--repeat must be whole numbers'],
    [['--repeat'], "Option '--repeat <value>' argument missing"],
    [['--fast'], "Unknown option '--fast'"],
    [['k6'], "Unexpected argument 'k6'"],
  ])('are refused in one line: %j', (args, message) => {
    expect(() => readPeersOptions(args)).toThrow(OptionError);
    expect(() => readPeersOptions(args)).toThrow(message);
  });
});

describe('the tools of bench:peers', () => {
  it('are all known, each with the line that installs it', () => {
    expect(Object.keys(TOOLS)).toEqual([...PEERS]);
    const installs = Object.values(TOOLS).map(({ install }) => install);
    expect(installs.filter((line) => !/^(npm|go|pip) install|^install Go 1|^mvn -f bench\//.test(line))).toEqual([]);
  });

  it('are fetched by the Maven files that their install lines name', () => {
    for (const { install } of [TOOLS.jmeter, TOOLS.gatling])
      expect(fs.readFileSync(install.split(' ')[2] ?? '', 'utf8')).toContain('<phase>process-resources</phase>');
  });
});

describe('the cores of bench:peers', () => {
  it('belong to one process each where there are enough of them', () => {
    expect(coresFor(3)).toEqual({});
    expect(coresFor(4)).toEqual({ database: [0], target: [1], tool: [2, 3] });
    expect(coresFor(8)).toEqual({ database: [0], target: [1, 2, 3], tool: [4, 5, 6, 7] });
    expect(onCores([2, 3], ['k6', 'run'])).toEqual(['taskset', '-c', '2,3', 'k6', 'run']);
    expect(onCores(undefined, ['k6'])).toEqual(['k6']);
  });
});

describe('the processor time of children', () => {
  it('is read from the line that the kernel writes, whatever the program is called', () => {
    expect(childCpuIn('7 (a) b (c) S 1 7 7 0 -1 0 1 2 3 4 50 60 150 25 20 0')).toBe(1.75);
  });
});

const windowless = (round: number, asked = 10) => ({ round, asked, sold: 1, windowUs: 0 });
const window = (round: number, windowUs: number, sold: number) => ({
  ...{ round, asked: 10, sold, windowUs },
  tookMs: windowUs / 1000 + 0.1,
});

function aRun(changes: Partial<PeerRun>): PeerRun {
  return { wallS: 1, cpuS: 0.5, rssMb: 40, exitCode: 0, missing: 0, rounds: [], output: '', ...changes };
}

const SETTING = { target: 'node', contenders: 10, rounds: 2 } as const;
const figuresOf = (runs: Partial<PeerRuns>): PeerFigures =>
  peerFigures({ name: 'k6', lines: 7, right: [], wrong: [], ...runs }, SETTING, [250, 1000]);

describe('the figures of bench:peers', () => {
  it('are medians over the runs, with all missing requests', () => {
    const right = [
      aRun({ spreadsMs: [3, 1, 2], wallS: 2, missing: 1 }),
      aRun({ spreadsMs: [9, 4, 5], wallS: 4, missing: 2 }),
      aRun({ spreadsMs: [6, 7, 8], wallS: 9 }),
    ];
    expect(figuresOf({ right, wrong: [aRun({ missing: 4 })] })).toMatchObject({
      spreadMs: { median: 5, p90: 8, first: 6 },
      missing: 7,
      wallS: 4,
      cpuS: 0.5,
      rssMb: 40,
    });
  });

  it('count the rounds that sold twice at each width; a round that nobody raced caught nothing', () => {
    const wrong = [
      aRun({ rounds: [window(1, 250, 1), window(2, 1000, 6), window(3, 250, 3), window(4, 1000, 2)], exitCode: 3 }),
      aRun({ rounds: [window(1, 1000, 5), window(2, 250, 2)], exitCode: 1 }),
    ];
    const { detection, exitCode } = figuresOf({ wrong });
    expect(detection).toEqual([
      { windowMs: 0.25, rounds: 4, caught: 2, winners: 1.5 },
      { windowMs: 1, rounds: 4, caught: 3, winners: 3.25 },
    ]);
    expect(exitCode).toBe(1);
  });

  it('count the runs whose first round sold twice', () => {
    const runs = [[window(1, 250, 2), window(2, 250, 1)], [window(1, 1000, 1), window(2, 250, 3)], []];
    expect(firstRoundsOf(runs.map((rounds) => aRun({ rounds })))).toEqual({ runs: 3, caught: 1 });
  });

  it('have no spread without packets', () => {
    const unknown = { median: null, p90: null, first: null };
    expect(figuresOf({ right: [aRun({})] }).spreadMs).toEqual(unknown);
    expect(figuresOf({ right: [aRun({ spreadsMs: [Number.NaN, Number.NaN] })] }).spreadMs).toEqual(unknown);
  });

  it('say what they do not know as null, which JSON can write', () => {
    const right = [aRun({ spreadsMs: [Number.NaN, 2], cpuS: Number.NaN })];
    expect(figuresOf({ right })).toMatchObject({ spreadMs: { median: 2, first: null }, cpuS: null });
  });

  it('count what the target never got as missing, also whole rounds, and no repetition as more', () => {
    expect(missingIn([windowless(1), windowless(2, 7)], { contenders: 10, rounds: 3 })).toBe(13);
    expect(missingIn([windowless(1, 12)], { contenders: 10, rounds: 1 })).toBe(0);
  });
});

describe('the section of bench:peers', () => {
  const arm = (name: PeerFigures['name'], changes: Partial<PeerFigures> = {}): PeerFigures => ({
    ...{ name, target: 'node', contenders: 1000, spreadMs: { median: 10, p90: 20, first: 12 }, missing: 0 },
    ...{ wallS: 6, cpuS: 3, rssMb: 400, lines: 20, exitCode: 3 },
    detection: [{ windowMs: 1, rounds: 48, caught: 48, winners: 60 }],
    ...changes,
  });
  const section = (...arms: PeerFigures[]) =>
    peersSection(
      {
        ...{ machine: ['2 × CPU'], versions: { node: '24', k6: '1.8.1' }, cores: {}, arms, rightExitCodes: [0, 0, 0] },
        firstRounds: arms.map(({ name }) => ({ runs: 3, caught: name === 'stock' ? 3 : 2 })),
        windows: [{ us: 1000, tookMs: [1.1, 1.2, 3] }],
        skipped: [{ name: 'hey', install: 'go install hey' }],
      },
      readPeersOptions(['--contenders', `${arms[0]?.contenders}`]),
    );

  it('has the machine, the versions, both tables, and what is not installed', () => {
    const text = section(
      arm('ours-http1'),
      arm('k6', { spreadMs: { median: null, p90: null, first: null }, missing: 5, exitCode: 99 }),
    );
    for (const line of [
      '- 2 × CPU',
      '- k6 1.8.1',
      '- not installed: hey (`go install hey`)',
      '| Ours, HTTP/1.1 | 10.0 | 20.0 | 12.0 | 0 | 6.0 | 3.0 | 400 | 20 | 0, 3 |',
      '| k6, `http.batch` | – | – | – | 5 | 6.0 | 3.0 | 400 | 20 | 0, 99 |',
      '| Ours, HTTP/1.1 | 100 % (60) | 2 of 3 |',
      '10th to 90th percentile: 1 ms: 1.10 to 3.00 ms',
    ])
      expect(text).toContain(line);
  });

  it('holds ours against the goals', () => {
    const text = section(
      arm('ours-http1', { cpuS: 3.9, detection: [{ windowMs: 1, rounds: 48, caught: 36, winners: 9 }] }),
      arm('stock', { wallS: 4.5 }),
      arm('by-hand', { spreadMs: { median: 9, p90: 19, first: 9 } }),
    );
    for (const line of [
      '| Ours, HTTP/1.1: first round ÷ median | ≤ 1.30 × | 1.20 × | ✓ |',
      '| Ours, HTTP/1.1: p90 ÷ by hand | ≤ 1.10 × | 1.05 × | ✓ |',
      '| Ours, HTTP/1.1: detection at 1 ms | ≥ 100 % | 75 % | ✗ |',
      '| Ours, HTTP/1.1: detection in first rounds | ≥ 3 of 3 | 2 of 3 | ✗ |',
    ])
      expect(text).toContain(line);
    expect(text).not.toContain('chance');
    expect(text).not.toContain('CPU ÷');
    expect(section(arm('k6'))).not.toContain('goal');
  });

  it('holds the cost against that of Artillery with 100 contenders', () => {
    const text = section(
      arm('ours-http1', { contenders: 100, cpuS: 3.9 }),
      arm('stock', { contenders: 100, wallS: 4.5 }),
      arm('by-hand', { contenders: 100 }),
    );
    for (const line of [
      '| Ours, HTTP/1.1: CPU ÷ Artillery | ≤ 1.20 × | 1.30 × | ✗ |',
      '| Ours, HTTP/1.1: memory ÷ Artillery | ≤ 1.20 × | 1.00 × | ✓ |',
      '| Ours, HTTP/1.1: wall | ≤ 5.5 s | 6.0 s | ✗ |',
    ])
      expect(text).toContain(line);
    expect(text).not.toContain('p90 ÷');
  });

  it('says where ours found less than the best, but no less than chance explains', () => {
    const found = (caught: number) => ({ detection: [{ windowMs: 1, rounds: 48, caught, winners: 9 }] });
    const text = section(arm('ours-http1', found(44)), arm('k6', found(40)), arm('by-hand', found(47)));
    expect(text).toContain('| Ours, HTTP/1.1: detection at 1 ms | ≥ 98 % | 92 % | ≈ |');
    expect(text).toMatch(/\n≈: .* chance /);
  });
});
