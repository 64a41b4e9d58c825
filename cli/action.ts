// node cli/action.ts
//
// action.yml runs this. It runs the bundled race or the user's own suite, with the reports in a new folder. It writes the
// result to GITHUB_OUTPUT and exits with 0: the last step of the action fails the job, after the reports are uploaded.

import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printError } from './print-error.ts';
import { endingOf } from './verdict.ts';

const { RACE_SUITE: suite, RACE_ENVIRONMENT: environment, RUNNER_TEMP, GITHUB_OUTPUT } = process.env;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(RUNNER_TEMP ?? tmpdir(), 'order-race-'));

const command = join(root, 'run-order-race-test.sh');
// A suite is named by its path, even if it is called "dev".
const suitePath = suite && (suite.includes('/') ? suite : `./${suite}`);
const words = suitePath ? [suitePath, ...(environment ? [environment] : [])] : [environment ?? ''];
const { status, signal, error } = spawnSync(command, ['--yes', '--', ...words], {
  stdio: 'inherit',
  env: { ...process.env, ORDER_OUTPUT_DIR: folder },
});
const childExit = status ?? (signal === null ? 127 : 128 + constants.signals[signal]);

const fileOf = (ending: string) => readdirSync(folder).find((name) => name.endsWith(ending));
const verdictFile = fileOf('.verdict.json');
const text = verdictFile === undefined ? undefined : readFileSync(join(folder, verdictFile), 'utf8');
const { exitCode, result, problem } = endingOf(childExit, text);
const html = fileOf('.html');

if (error !== undefined) printError(`${command}: ${error.message}`);
if (problem !== undefined) console.log(`::error title=Order race::${problem}`);
const outputs = {
  folder,
  verdict: result === 'broken' ? '' : result,
  'exit-code': exitCode,
  report: html === undefined ? '' : join(folder, html),
};
const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`);
if (GITHUB_OUTPUT) appendFileSync(GITHUB_OUTPUT, lines.join(''));
