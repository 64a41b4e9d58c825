import { describe, expect, it } from 'vitest';
import {
  type Dialect,
  dialectOf,
  hasSeveralStatements,
  placeholdersIn,
  quotedPlaceholdersIn,
  statementOf,
} from '../../plugin/src/config/sql.ts';

const HOSTILE = `'; DROP TABLE bookings; --`;
const values = { key: HOSTILE, quota: 17 };
const statement = (dialect: Dialect, sql: string) => statementOf(sql, dialect, values);

describe('a statement', () => {
  it.each<[Dialect, string, string, string[]]>([
    ['postgres', 'SELECT 1 WHERE a = $1', 'SELECT 1 WHERE a = $1', ['key']],
    ['mysql', 'SELECT 1 WHERE a = $1', 'SELECT 1 WHERE a = ?', ['key']],
    ['sqlite', 'SELECT 1 WHERE a = $1', 'SELECT 1 WHERE a = ?', ['key']],
    ['postgres', 'SELECT 1 WHERE a = ? OR b = ?', 'SELECT 1 WHERE a = $1 OR b = $1', ['key']],
    ['mysql', 'SELECT 1 WHERE a = ? OR b = ?', 'SELECT 1 WHERE a = ? OR b = ?', ['key', 'key']],
    ['postgres', 'WHERE a = {key} AND b = {quota}', 'WHERE a = $1 AND b = $2', ['key', 'quota']],
    ['sqlite', 'WHERE b = {quota} AND a = ?1', 'WHERE b = ? AND a = ?', ['quota', 'key']],
    ['postgres', "WHERE a = $1 AND tags ? 'x'", "WHERE a = $1 AND tags ? 'x'", ['key']],
    ['postgres', 'WHERE a = ? AND b = \'?\' AND "c?" = 1', 'WHERE a = $1 AND b = \'?\' AND "c?" = 1', ['key']],
    [
      'postgres',
      "SELECT E'\\'?', 'it''s ?' WHERE a = ? -- why?",
      "SELECT E'\\'?', 'it''s ?' WHERE a = $1 -- why?",
      ['key'],
    ],
    [
      'postgres',
      'SELECT $$ ? $$, $x$ $1 $x$ WHERE a = ? /* ? */',
      'SELECT $$ ? $$, $x$ $1 $x$ WHERE a = $1 /* ? */',
      ['key'],
    ],
    ['postgres', 'SELECT 1 /* a /* ? */ $1 */ WHERE a = $1', 'SELECT 1 /* a /* ? */ $1 */ WHERE a = $1', ['key']],
    ['mysql', "SELECT 'a\\'?', \"?\", `?` WHERE a = ? # ?", "SELECT 'a\\'?', \"?\", `?` WHERE a = ? # ?", ['key']],
    ['sqlite', "SELECT 'a\\', ? , '?', [?] FROM t", "SELECT 'a\\', ? , '?', [?] FROM t", ['key']],
    ['postgres', 'SELECT a$1 FROM t WHERE b = $1', 'SELECT a$1 FROM t WHERE b = $1', ['key']],
    ['postgres', 'SELECT {other} WHERE a = $1', 'SELECT {other} WHERE a = $1', ['key']],
  ])('%s: %s', (dialect, sql, text, names) => {
    expect(statement(dialect, sql)).toEqual({ text, names });
  });

  it('never holds a value', () => {
    for (const dialect of ['postgres', 'mysql', 'sqlite'] as const)
      expect(statement(dialect, 'SELECT 1 WHERE a = ? AND b = {key}').text).not.toContain('DROP');
  });

  it('knows its placeholders, and those that stand in quotes', () => {
    expect(placeholdersIn("SELECT '?' WHERE a = $1 AND b = {quota} AND {x}", 'postgres', values)).toEqual([
      '$1',
      '{quota}',
    ]);
    expect(quotedPlaceholdersIn("WHERE a = '{key}' AND b = '{x}'", 'postgres', values)).toEqual(['{key}']);
  });
});

it.each([
  ["SELECT ';' AS x; ", false],
  ['SELECT 1 -- ; x', false],
  ['SELECT 1; DROP TABLE bookings', true],
])('several statements in %s: %s', (sql, expected) => {
  expect(hasSeveralStatements(sql, 'postgres')).toBe(expected);
});

it.each([
  ['postgres://h/d', 'postgres'],
  ['postgresql://h/d', 'postgres'],
  ['mysql://h/d', 'mysql'],
  ['mariadb://h/d', 'mysql'],
  ['sqlite:shop.db', 'sqlite'],
  ['sqlite:///tmp/shop.db', 'sqlite'],
  ['sqlite:', undefined],
  ['mongodb://h/d', undefined],
])('%s is %s', (database, dialect) => {
  expect(dialectOf(database)).toBe(dialect);
});
