import fs from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { commandOf } from '../../plugin/src/artillery/launcher/repeat-command.ts';
import { temporaryFolder } from '../support/fixtures.ts';

const script = { config: {}, _environment: 'dev', _scriptPath: path.resolve('suites/a suite.yml') };

it.each<[string[], string]>([
  [[], "npx artillery run -e dev 'suites/a suite.yml'"],
  [
    ['run', '-e', 'dev', '--scenario-name', 'book a seat', '-c', 'config.yml', 'suites/a suite.yml'],
    "npx artillery run -e dev --config config.yml --scenario-name 'book a seat' 'suites/a suite.yml'",
  ],
  [
    ['run', '--scenario-name=book', '--variables', '{"token":"sekret"}', '--key', 'sekret', '-q', 'x.yml'],
    "npx artillery run -e dev --scenario-name book 'suites/a suite.yml'",
  ],
  [
    ['run', '-q', '-v{"password":"sekret"}', '-thttps://bob:sekret@shop.example', '-eproduction', '-oout/report.json'],
    "npx artillery run -e dev 'suites/a suite.yml'",
  ],
  [
    ['run', '-pusers.csv', '--env-file', '.env2'],
    "npx artillery run -e dev --payload users.csv --env-file .env2 'suites/a suite.yml'",
  ],
])('%j is repeated without options that may hold secrets', (argv, expected) => {
  expect(commandOf(script, argv)).toBe(expected);
});

it('variables that the suite reads are taken from the environment again, without their values', () => {
  const file = path.join(temporaryFolder(), 'suite.yml');
  fs.writeFileSync(
    file,
    'a: "{{ $env.SHOP_TOKEN }} {{$env.API}} {{ $env.UNSET }} {{ $env.ORDER_VUS }} {{ $env.API }}"',
  );
  const env = { SHOP_TOKEN: 'sekret', API: 'http://x', ORDER_VUS: '3', OTHER: 'y' };
  expect(commandOf({ config: {}, _scriptPath: file }, [], env)).toBe(
    `API="$API" SHOP_TOKEN="$SHOP_TOKEN" npx artillery run ${file}`,
  );
});

it('variables that a file sets are not taken from the environment', () => {
  const folder = temporaryFolder();
  const [file, dotenv] = [path.join(folder, 'suite.yml'), path.join(folder, '.env')];
  fs.writeFileSync(file, '{{ $env.SHOP_TOKEN }} {{ $env.API }}');
  fs.writeFileSync(dotenv, 'SHOP_TOKEN="sekret"\nAPI=http://file\n');
  const env = { SHOP_TOKEN: 'sekret', API: 'http://shell' };
  const named = commandOf({ config: {}, _scriptPath: file }, ['run', '--dotenv', dotenv, file], env);
  expect(named).toBe(`API="$API" npx artillery run --dotenv ${dotenv} ${file}`);
});
