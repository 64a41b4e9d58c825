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
