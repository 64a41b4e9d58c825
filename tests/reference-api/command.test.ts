import { describe, expect, it } from 'vitest';
import { type Command, HELP, parseCommand } from '../../reference-api/command.ts';
import { DEMO_SEATS, demoSeats } from '../../reference-api/demo.ts';
import { FLOWS } from '../../reference-api/flows/index.ts';

function command(...args: string[]): Command {
  const parsed = parseCommand(args);
  if (parsed === 'help') throw new Error('nobody asked for help');
  return parsed;
}

it('without options it is the lock unique in SQLite, with the 16 seats of the demo, in one process', () => {
  expect(command()).toMatchObject({
    lockName: 'unique',
    processes: 1,
    sqliteFile: ':memory:',
    server: { seats: DEMO_SEATS, capacity: 1, tokenTtlSeconds: 3600 },
  });
});

it('takes seats by number or by id', () => {
  expect(command('--seat-count', '20').server.seats).toEqual(demoSeats(20));
  expect(command('--seats', 'A-1, A-2').server.seats).toEqual(['A-1', 'A-2']);
});

it('starts as many processes as the lock needs, unless it is told how many', () => {
  expect(command('--lock', 'immediate').processes).toBe(2);
  expect(command('--lock', 'immediate', '--processes', '3').processes).toBe(3);
});

it('--help names every flow, lock and flag', () => {
  expect(parseCommand(['--help'])).toBe('help');
  const flags = ['--store', '--flow', '--lock', '--processes', '--capacity', '--seats', '--seat-count', '--work-ms'];
  const locks = Object.values(FLOWS).flatMap((flow) => Object.values(flow).flatMap((byName) => Object.keys(byName)));
  for (const word of [...flags, '--token-ttl', '--database', ...Object.keys(FLOWS), ...locks]) {
    expect(HELP).toContain(word);
  }
});

describe('a mistake is refused in one line', () => {
  it.each([
    [['--lock', 'hope'], 'there is no lock "hope"; known: unique, none'],
    [['--lock', 'toString'], 'there is no lock "toString"'],
    [['--lock', 'for-update'], '"for-update" is a lock of the store postgres: add --store postgres'],
    [['--store', 'mongo'], 'there is no store "mongo"; known: sqlite, postgres, redis'],
    [['--processes', '0'], '--processes: must be a whole number from 1'],
    [['none'], "Unexpected argument 'none'"],
    [['--port', '70000'], '--port: must be a whole number from 0 to 65535, not "70000"'],
    [['--seat-count', '1.5'], '--seat-count: must be a whole number'],
    [['--seats', 'A,,B'], '--seats: has an empty id'],
    [['--seats', 'A,B,A'], '--seats: names A twice'],
    [['--seats', 'A', '--seat-count', '2'], '--seats and --seat-count: give one of them'],
    [['--token-ttl', '0'], '--token-ttl: must be a whole number'],
  ])('%j', (args, message) => {
    expect(() => parseCommand(args)).toThrow(message);
    expect(() => parseCommand(args)).toThrow(/^[^\n]+$/);
  });
});
