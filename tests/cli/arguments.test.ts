import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../cli/arguments.ts';
import { InputError } from '../../plugin/src/config/index.ts';

describe('the arguments', () => {
  it('may stand before or after the environment, in any order', () => {
    const expected = { environment: 'demo', lock: 'none', quiet: true, yes: true };
    expect(parseArguments(['demo', '--lock', 'none', '-y', '--quiet'])).toMatchObject(expected);
    expect(parseArguments(['--quiet', '--lock=none', 'demo', '--yes'])).toMatchObject(expected);
  });

  it('are off by default', () => {
    expect(parseArguments(['dev'])).toEqual({
      environment: 'dev',
      scenario: 'order-race',
      allFailures: false,
      open: false,
      quiet: false,
      verbose: false,
      yes: false,
      oneAtATime: false,
    });
  });

  it.each([
    [['--repeat', '20'], '20'],
    [['--until', '3%'], '3%'],
    [['--until=3 %'], '3 %'],
    [['--for', '5m'], '5m'],
  ])('say by %j how often rounds repeat', (options, repeat) => {
    expect(parseArguments([...options, 'demo'])).toMatchObject({ repeat });
  });

  it.each([
    [[], 'which environment?'],
    [['--quiet'], 'which environment?'],
    [[''], 'which environment?'],
    [['dev', 'prod'], 'one environment at a time, not dev and prod'],
    [['demo', '--quite'], `Unknown option '--quite'; did you mean "--quiet"? (--help lists the options)`],
    [['demo', '--scenaro', 'quota'], `Unknown option '--scenaro'; did you mean "--scenario"?`],
    [['demo', '--sceneario=quota'], `Unknown option '--sceneario'; did you mean "--scenario"?`],
    [['demo', '--repeat', '3%'], '--repeat 3%: did you mean --until 3%?'],
    [['demo', '--for', '20'], '--for 20: did you mean --repeat 20?'],
    [['demo', '--until', 'soon'], '--until: must be a number of times such as 20'],
    [['demo', '--repeat', '0'], '--repeat: must be a number of times such as 20'],
    [['demo', '--repeat', '2', '--for', '5m'], '--repeat and --for exclude each other'],
    [['demo', '--frobnicate'], "Unknown option '--frobnicate' (--help lists the options)"],
    [['demo', '-x'], "Unknown option '-x'"],
    [['demo', '--lock'], "Option '--lock <value>' argument missing"],
    [['demo', '--open=yes'], "Option '--open' does not take an argument"],
    [['demo', '--scenario', 'all', '--lock', 'none'], '--lock needs one scenario, not "all"'],
    [['demo', '--quiet', '--verbose'], '--quiet and --verbose exclude each other'],
    [['dev', '--lock', 'none'], '--lock configures the bundled API: use it with demo, not with '],
    [['dev', '--store', 'postgres'], '--store configures the bundled API: use it with demo, not with '],
    [['prod', '--seat-count', '3'], '--seat-count configures the bundled API: use it with demo, not with '],
    ...['0', '101', '1.5', '-1', 'abc', ''].map((count) => [
      ['demo', `--seat-count=${count}`],
      `--seat-count must be a whole number from 1 to 100 (received "${count}")`,
    ]),
  ] as [string[], string][])('are refused in one line if they make no sense: %j', (argv, problem) => {
    expect(() => parseArguments(argv)).toThrow(InputError);
    expect(() => parseArguments(argv)).toThrow(problem);
    expect(() => parseArguments(argv)).not.toThrow('\n');
  });

  it('name a store and a lock of the bundled API', () => {
    const chosen = parseArguments(['demo', '--store', 'postgres', '--lock', 'for-update']);
    expect(chosen).toMatchObject({ store: 'postgres', lock: 'for-update' });
  });

  it('give a seat count from 1 to 100', () => {
    expect(parseArguments(['demo', '--seat-count', '1']).seatCount).toBe(1);
    expect(parseArguments(['demo', '--seat-count', '100']).seatCount).toBe(100);
  });
});
