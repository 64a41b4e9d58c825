import { expect, test } from 'vitest';
import { printable } from '../../reports/untrusted.ts';

test.each([
  ['a plain message', 'Seat taken', 'Seat taken'],
  ['letters of any language', 'Sitz größer 席 مقعد 🎟', 'Sitz größer 席 مقعد 🎟'],
  ['colours', '\u001b[31mred\u001b[0m', 'red'],
  ['a screen that is cleared', '\u001b[2J\u001b[Hgone', 'gone'],
  ['a terminal link', '\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007', 'click'],
  ['the one-byte form of an escape', '\u009b31mred', 'red'],
  ['line breaks', 'one\r\ntwo\n\n  three\u2028four', 'one two three four'],
  ['a backspace and a bell', 'a\u0008b\u0007c', 'abc'],
  ['text turned around', 'safe\u202eelif.exe\u202c \u2066x\u2069', 'safeelif.exe x'],
  ['invisible characters', 'a\u200bb\ufeffc\u00add', 'abcd'],
  ['a command of GitHub', '::stop-commands::x', ': :stop-commands::x'],
  ['a command of GitHub in the middle, where a line may be wrapped', 'no :::error::x', 'no : : :error::x'],
  ['a command of GitHub behind invisible characters', '\u200b:\u00ad:error::x', ': :error::x'],
  ['an old command', 'no ##[stop-commands]x ###[group]', 'no # #[stop-commands]x ## #[group]'],
  ['a command of Azure', 'x##vso[task.setvariable variable=a]b', 'x# #vso[task.setvariable variable=a]b'],
  [
    'a command of TeamCity',
    "##team\u200bcity[buildProblem description='x']",
    "# #teamcity[buildProblem description='x']",
  ],
  ['a section of GitLab', 'a\rsection_start:1:x\r\u001b[0Kb', 'a section_start: 1:x b'],
  ['a fold of Travis', 'travis_fold:start:x', 'travis_fold: start:x'],
  ['an attachment in JUnit', '[[ATTACHMENT|/etc/passwd]]', '[ [ATTACHMENT|/etc/passwd]]'],
  ['a name of a class, and headings', 'ActiveRecord::Invalid # a ## b', 'ActiveRecord::Invalid # a ## b'],
  ['the digest of an id', `***-7#${'0123456789abcdef'.repeat(4)} ${'a'.repeat(8)}`, '***-7#01234567 aaaaaaaa'],
  ['what XML forbids', 'a\u0000b\uffffc\ud800d', 'abc\ufffdd'],
])('%s: only harmless text remains', (_, text, expected) => {
  expect(printable(text)).toBe(expected);
});

test('a cut text ends in an ellipsis and keeps to its length', () => {
  expect(printable('abcdef', 6)).toBe('abcdef');
  expect(printable('abcdefg', 6)).toBe('abcde…');
  expect(printable('🎟🎟🎟🎟', 3)).toBe('🎟🎟…');
});

test('twenty megabytes are cut as well', () => {
  expect(printable('\u001b[31m\n'.repeat(4_000_000))).toMatch(/…$/);
});
