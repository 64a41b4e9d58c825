import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../cli/arguments.ts';
import { InputError } from '../../cli/input-error.ts';

describe('arguments', () => {
  it('stand before or after the environment, in any order', () => {
    const expected = { environment: 'demo', lock: 'none', quiet: true, yes: true };
    expect(parseArguments(['demo', '--lock', 'none', '-y', '--quiet'])).toMatchObject(expected);
    expect(parseArguments(['--quiet', '--lock=none', 'demo', '--yes'])).toMatchObject(expected);
  });

  it('are all off when not given', () => {
    expect(parseArguments(['dev'])).toEqual({
      environment: 'dev',
      scenario: 'order-race',
      allFailures: false,
      open: false,
      quiet: false,
      verbose: false,
      yes: false,
    });
  });

  it.each([
    [[], 'which environment?'],
    [['--quiet'], 'which environment?'],
    [[''], 'which environment?'],
    [['dev', 'prod'], 'one environment at a time, not dev and prod'],
    [['demo', '--quite'], "Unknown option '--quite'"],
    [['demo', '-x'], "Unknown option '-x'"],
    [['demo', '--lock'], "Option '--lock <value>' argument missing"],
    [['demo', '--open=yes'], "Option '--open' does not take an argument"],
    [['demo', '--scenario', 'all', '--lock', 'none'], '--lock goes with one scenario'],
    [['demo', '--quiet', '--verbose'], '--quiet and --verbose exclude each other'],
    [['dev', '--lock', 'none'], '--lock is for the bundled API'],
    [['dev', '--store', 'postgres'], '--store is for the bundled API'],
    [['prod', '--seat-count', '3'], '--seat-count is for the bundled API'],
    ...['0', '101', '1.5', '-1', 'abc', ''].map((count) => [
      ['demo', `--seat-count=${count}`],
      `--seat-count must be a whole number from 1 to 100 (received "${count}")`,
    ]),
  ] as [string[], string][])('that make no sense are refused in one line: %j', (argv, problem) => {
    expect(() => parseArguments(argv)).toThrow(InputError);
    expect(() => parseArguments(argv)).toThrow(problem);
    expect(() => parseArguments(argv)).not.toThrow('\n');
  });

  it('choose a store and a lock of the bundled API', () => {
    const its = parseArguments(['demo', '--store', 'postgres', '--lock', 'for-update']);
    expect(its).toMatchObject({ store: 'postgres', lock: 'for-update' });
  });

  it('give a seat count from 1 to 100', () => {
    expect(parseArguments(['demo', '--seat-count', '1']).seatCount).toBe(1);
    expect(parseArguments(['demo', '--seat-count', '100']).seatCount).toBe(100);
  });
});
