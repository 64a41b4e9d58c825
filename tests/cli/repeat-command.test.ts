import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repeatCommand } from '../../cli/repeat-command.ts';
import { shellQuote } from '../../plugin/src/reporting/shell-quote.ts';

describe('the command that repeats a run', () => {
  it('has the arguments and the variables that the user set', () => {
    const env = { ORDER_VUS: '200', ORDER_SEAT_IDS: 'a b,c', ORDER_EVENT_ID: '', PATH: '/bin', ORDER_RUN_ID: 'x' };
    expect(repeatCommand(['demo', '--lock', 'none'], env)).toBe(
      "ORDER_SEAT_IDS='a b,c' ORDER_VUS=200 ./run-order-race-test.sh demo --lock none",
    );
  });

  it('never has a token, a password or a URL with credentials', () => {
    const env = {
      ORDER_TOKEN: 's3cret',
      ORDER_PASSWORD: 's3cret',
      ORDER_ANYTHING_NEW: 's3cret',
      ORDER_BASE_URL: 'https://user:s3cret@api.test',
    };
    const command = repeatCommand(['dev'], env);
    expect(command).not.toContain('s3cret');
    expect(command).toContain('ORDER_TOKEN="$ORDER_TOKEN"');
    expect(repeatCommand(['dev'], { ORDER_BASE_URL: 'https://api.test?key=s3cret' })).not.toContain('s3cret');
  });
});

it('a quoted word comes out of the shell unchanged', () => {
  const words = fc.array(fc.string({ unit: fc.constantFrom(...'aZ0-_/\\\'"$`!*?{},~ \n;&|<>()[]#=%é') }), {
    minLength: 30,
    maxLength: 30,
  });
  fc.assert(
    fc.property(words, (list) => {
      const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${list.map(shellQuote).join(' ')}`], {
        encoding: 'utf8',
      });
      expect(stdout.split('\0').slice(0, -1)).toEqual(list);
    }),
    { numRuns: 20 },
  );
});
