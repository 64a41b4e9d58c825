import { describe, expect, it } from 'vitest';
import { connectionsTo } from '../../bench/capture/tcp.ts';
import { readMachinesOptions } from '../../bench/machines/options.ts';
import { OptionError } from '../../bench/options.ts';
import { type MachinesResult, machinesSection, resultsAsJson } from '../../bench/report/machines.ts';
import { packet, SERVER } from './packets.ts';

describe('the options of bench:machines', () => {
  it('compare one, two and three machines unless told otherwise', () => {
    const options = { machines: [1, 2, 3], contenders: 120, rounds: 16, repeat: 3, json: false, dry: false };
    expect(readMachinesOptions([])).toMatchObject({ ...options, command: 'npm run bench:machines' });
    const given = ['--machines', '2,5', '--contenders', '50', '--rounds', '4', '--repeat', '1', '--json'];
    expect(readMachinesOptions(given)).toMatchObject({
      machines: [2, 5],
      contenders: 50,
      rounds: 4,
      repeat: 1,
      json: true,
    });
  });

  it.each([
    [['--machines', '0'], '--machines must be whole numbers of at least 1'],
    [['--machines', '10'], '--machines must be at most 9: 10'],
    [['--machines', 'three'], '--machines must be whole numbers'],
    [['--contenders', '100'], '--contenders must divide by 3 machines, two each at least, such as 102: 100'],
    [['--contenders', '6,12'], '--contenders must be one number'],
    [['--rounds', '0'], '--rounds must be whole numbers of at least 1'],
    [['--repeat', '1.5'], '--repeat must be whole numbers'],
    [['--rounds'], "Option '--rounds <value>' argument missing"],
    [['--fast'], "Unknown option '--fast'"],
  ])('are refused in one line: %j', (args, message) => {
    expect(() => readMachinesOptions(args)).toThrow(OptionError);
    expect(() => readMachinesOptions(args)).toThrow(message);
  });
});

describe('the report of bench:machines', () => {
  const options = readMachinesOptions(['--machines', '1,3', '--contenders', '6', '--rounds', '2', '--repeat', '1']);
  const setting = { ground: 'on paper', redis: '7.0' };
  const round = (packetsMs: number, spreadMs?: number) => ({
    ...{ requests: 6, packetsMs },
    ...(spreadMs !== undefined && { reported: { spreadMs, errorMs: 0.5 } }),
  });
  const results: MachinesResult[] = [
    { arm: { release: 'agreed', machines: 1, way: 'near' }, runs: [[round(1), round(1)]] },
    { arm: { release: 'agreed', machines: 3, way: 'near' }, runs: [[round(2, 1.6), round(3, 3.5)]] },
    { arm: { release: 'receipt', machines: 3, way: 'near' }, runs: [[round(9), { ...round(9), requests: 4 }]] },
  ];

  it('compares with one machine, and counts the rounds whose packets are within the reported error', () => {
    const section = machinesSection(results, options, setting);
    expect(section).toContain('| 3 machines, near, ours | 2.50 | 3.00 | 3.00 | 2.50 × | ± 0.50 | 2 of 2 | 0 |');
    expect(section).toContain('| 3 machines, near, ours: median ÷ one machine | ≤ 2.50 × | 2.50 × | ✓ |');
    expect(section).toContain('| 3 machines, near, release at receipt | 9.00 | 9.00 | 9.00 | 9.00 × |  |  | 2 |');
  });

  it('says where a round was wider, or less wide, than reported', () => {
    for (const reportedMs of [1.4, 2.6]) {
      const runs = [[round(2, reportedMs), round(2, 2)]];
      const section = machinesSection(
        [{ arm: { release: 'agreed', machines: 3, way: 'far' }, runs }],
        options,
        setting,
      );
      expect(section).toContain('| 3 machines, far, ours: rounds within what the report says | 2 | 1 | ✗ |');
    }
  });

  it('gives programs the same figures and every round', () => {
    const { results: rows } = JSON.parse(resultsAsJson(results, options, setting));
    expect(rows[1]).toMatchObject({
      machines: 3,
      way: 'near',
      release: 'agreed',
      medianMs: 2.5,
      timesOne: 2.5,
      held: 2,
    });
    expect(rows[1].runs[0]).toHaveLength(2);
  });
});

describe('a capture of several machines', () => {
  it('keeps connections from the same port of different machines apart', () => {
    const from = (machine: number) => {
      const one = packet({ atUs: machine, data: 'x' });
      one.bytes.writeUInt8(machine, 14 + 15);
      return one;
    };
    expect(connectionsTo(SERVER, [from(1), from(2)])).toHaveLength(2);
  });
});
