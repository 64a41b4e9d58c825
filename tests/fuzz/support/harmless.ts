import { expect } from 'vitest';
import { errorLines } from '../../../reports/index.ts';

/** What a terminal obeys, what is not seen, and what turns text around; only line feeds are left. */
const CONTROL = /(?!\n)[\p{Cc}\p{Cf}\u2028\u2029]/u;
/** What a CI runner obeys. */
const COMMAND = /^\s*::\w|##\w*\[|\[\[ATTACHMENT|section_start:\d|travis_fold:s/m;

/** A text on stdout, on stderr or in a file does nothing to the program that shows it. */
export function expectHarmless(text: string): void {
  expect(CONTROL.exec(text)).toBeNull();
  expect(COMMAND.exec(text)).toBeNull();
}

/** An error is one that people are told of, and what they see of it is harmless. */
export function expectTold(error: unknown, expected: new (...args: never[]) => Error): void {
  if (!(error instanceof expected)) throw error;
  for (const line of errorLines(error.message)) expectHarmless(line);
}

/** What tries to be more than text. */
export const HOSTILE: readonly string[] = [
  '\u001b[2J',
  '\u009b31m',
  '\u202e',
  '\u2028::error::x',
  '\r\n::set-output name=a::b',
  '##vso[task.setvariable]',
  '\\u001b]0;x\\u0007',
  '\\n::error::x',
  '\ud800',
  '\\ud800',
  '<script>alert(1)</script>',
  ']]>',
  '\0',
  '\ufeff',
];
