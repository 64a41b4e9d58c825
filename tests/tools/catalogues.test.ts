import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { FINDING_IDS, RULES } from '../../model/index.ts';

const root = path.resolve(import.meta.dirname, '../..');
const FILES = globSync('{model,plugin,reports,cli,processors}/**/*.{ts,mts,mjs,js,hbs}', {
  cwd: root,
  exclude: (name) => /(?:^|\/)(?:dist|node_modules)(?:\/|$)/.test(name),
}).map((file): [name: string, text: string] => [
  file.replaceAll(path.sep, '/'),
  readFileSync(path.join(root, file), 'utf8').replace(/\/\*.*?\*\/|^\s*\/\/.*?$/gms, ''),
]);

/** Files outside the allowed ones whose code, not its comments, holds the name as a string, or as a key of an object. */
function strayFiles(name: string, allowed: RegExp): string[] {
  // A word such as "coupon" may be part of a sentence, there in backticks.
  const pattern = name.includes('-') ? `(['"\`])${name}\\1` : `(['"])${name}\\1|^\\s*${name}:\\s*[[{('"\`]`;
  return FILES.filter(([file, text]) => !allowed.test(file) && new RegExp(pattern, 'm').test(text)).map(
    ([file]) => file,
  );
}

test('the files of production code are found', () => {
  expect(FILES.length).toBeGreaterThan(150);
});

/** The probe of init says in the same words why it learnt nothing, and what kind of suite it writes. */
const PROBE = 'plugin/src/init/probe/(learn|learnt|trouble)';

/** A lock of the demo has the same name as a rule, and the probe writes one rule into a suite. */
const RULES_ELSEWHERE = new Map<string, string>([
  ['unique', '|^cli/options\\.ts$'],
  ['state', `|^${PROBE}`],
]);

test.each(RULES)('only the table of rules and the checkers know "$name"', ({ name }) => {
  const allowed = `^model/rules\\.ts$|^plugin/src/judging/(?!judge\\.ts)${RULES_ELSEWHERE.get(name) ?? ''}`;
  expect(strayFiles(name, new RegExp(allowed))).toEqual([]);
});

const ATTEMPTS = 'model/(attempt|history-file)|plugin/src/recording/outcome';
/** The same words say why an attempt failed, or why nobody knows; one is also a field of verdict.json. */
const KNOWN_ELSEWHERE = new Map<string, string>([
  ['not-authorised', ATTEMPTS],
  ['rate-limited', `${ATTEMPTS}|${PROBE}`],
  ['server-error', `${ATTEMPTS}|${PROBE}`],
  ['no-answer', PROBE],
  ['undecided', PROBE],
  ['unrecognised', `${ATTEMPTS}|model/weak-rounds|reports/(told|junit)|plugin/src/reporting/verdict-file`],
  // What is sent one after the other is no race, and the headline says so.
  ['weak-contention', 'reports/verdict-text'],
  // A report counts the seats that nobody got, whatever the judging says of them.
  ['unsold', 'reports/sales'],
]);

test.each(FINDING_IDS)('only the list of findings and the checkers know "%s"', (id) => {
  const elsewhere = KNOWN_ELSEWHERE.has(id) ? `|^(${KNOWN_ELSEWHERE.get(id)})` : '';
  const allowed = `^model/(findings|rule-violations|doubts|preparation-doubts|blind-suite|weak-contention)\\.ts$|^plugin/src/judging/${elsewhere}`;
  expect(strayFiles(id, new RegExp(allowed))).toEqual([]);
});
