import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { run } from '../../cli/run.ts';
import { InputError } from '../../plugin/src/config/index.ts';

const { signal } = new AbortController();
const outputDir = () => join(mkdtempSync(join(tmpdir(), 'run-')), 'output');

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

it.each([
  [['nonsense'], {}, 'environment "nonsense": not under config.environments'],
  [['demo', '--nonsense'], {}, "Unknown option '--nonsense'"],
  [['demo', '--lock', 'nonsense'], {}, 'there is no lock "nonsense"'],
  [['prodd'], {}, 'did you mean "prod"?'],
  ...['0', '-1', '1', '1.5', 'abc'].map((vus) => [
    ['demo'],
    { ORDER_VUS: vus },
    'ORDER_VUS: must be a whole number from 2 to 20000',
  ]),
  [['demo'], { ORDER_SEAT_IDS: ' , ' }, 'ORDER_SEAT_IDS: names no seat'],
  [['demo'], { ORDER_SEAT_IDS: 'a,b,a' }, 'ORDER_SEAT_IDS: names seat "a" twice'],
  [['dev'], { ORDER_SEAT_IDS: 'a', ORDER_EVENT_ID: 'e', ORDER_SESSION_ID: 's' }, 'ORDER_ORGANIZATION_ID'],
  [['demo'], { ORDER_BASE_URL: 'localhost:80' }, 'ORDER_BASE_URL: must be a URL'],
  [['demo', '--seat-count=2'], { ORDER_SEAT_IDS: 'a,b' }, '--seat-count and ORDER_SEAT_IDS exclude each other'],
  [['demo', '--lock', 'for-update'], {}, 'add --store postgres'],
  [['demo', '--store', 'postgres'], {}, 'the store postgres needs DATABASE_URL, such as postgres://'],
  [['demo', '--store=redis'], { ORDER_BASE_URL: 'http://127.0.0.1:1' }, '--store is for the bundled API'],
  [['demo', '--lock=none'], { ORDER_BASE_URL: 'http://127.0.0.1:1' }, '--lock is for the bundled API'],
  [['demo'], { ORDER_BASE_URL: 'http://127.0.0.1:1' }, 'nothing answers at http://127.0.0.1:1: connection refused'],
  [['demo'], { ORDER_OUTPUT_DIR: '/dev/null/x' }, 'cannot write to the output folder /dev/null/x'],
] as [string[], Record<string, string>, string][])(
  '%j with %j is one problem, and prints nothing',
  async (argv, env, problem) => {
    // The bundled API gets the variables of this process.
    vi.stubEnv('DATABASE_URL', '');
    const print = vi.spyOn(console, 'log').mockReturnValue();
    const error = await run(argv, { ORDER_OUTPUT_DIR: outputDir(), ...env }, signal).catch((thrown: unknown) => thrown);
    expect(error instanceof InputError, String(error)).toBe(true);
    expect((error as Error).message).toContain(problem);
    expect((error as Error).message).not.toContain('\n');
    expect(print).not.toHaveBeenCalled();
  },
);

it('bad input leaves no output folder behind', async () => {
  const ORDER_OUTPUT_DIR = outputDir();
  await expect(run(['demo'], { ORDER_VUS: '0', ORDER_OUTPUT_DIR }, signal)).rejects.toThrow('ORDER_VUS');
  expect(existsSync(ORDER_OUTPUT_DIR)).toBe(false);
});
