import { compile } from 'json-p3';
import {
  fillJson,
  fillJsonPath,
  hasPlaceholder,
  type Inventory,
  readBackKeysOf,
  unknownNamesInUrl,
  type Values,
  valuesOf,
} from '../../../model/index.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { isPossibleUrl } from './path-or-url.ts';
import { withStars } from './public-url.ts';
import type { BookSettings, HttpBook, SqlBook } from './read-back.ts';
import { isHeaderName } from './request-headers.ts';
import { dialectOf, hasSeveralStatements, placeholdersIn, quotedPlaceholdersIn } from './sql.ts';
import { suggestion } from './suggestion.ts';

const PATH = 'config.plugins.race.readBack';

/**
 * Checks that each book can be asked about each inventory: that every name in braces stands for something, and that the
 * answer can be about this inventory at all.
 *
 * @param inventories the planned ones; empty where the suite does not say
 * @throws ConfigError with a line for each problem
 */
export function checkBooks(books: readonly BookSettings[], inventories: readonly Inventory[]): void {
  const asked =
    inventories.length > 0
      ? inventories.flatMap((inventory) => readBackKeysOf(inventory).map((key) => valuesOf(inventory, key)))
      : [UNPLANNED];
  const isOne = inventories.length > 0 && asked.length === 1;
  const problems = books.flatMap((book, index) => {
    const path = books.length === 1 ? PATH : `${PATH}.${index}`;
    return problemsOf(book, asked, isOne).map((problem) => ({ path, ...problem }));
  });
  if (problems.length > 0) throw new ConfigError(problems);
}

/** Where the keys come up in the race, they have no fields. */
const UNPLANNED: Values = { key: 'A1' };

type Problem = Omit<ConfigProblem, 'path'>;

function problemsOf(book: BookSettings, asked: readonly Values[], isOne: boolean): Problem[] {
  switch (book.kind) {
    case 'http':
      return problemsOfRequest(book, asked, isOne);
    case 'sql':
      return problemsOfStatement(book, asked[0] ?? UNPLANNED, isOne);
    case 'function':
      return [];
  }
}

function problemsOfRequest(book: HttpBook, asked: readonly Values[], isOne: boolean): Problem[] {
  const unknown = asked.find((values) => unknownNamesInUrl(book.path, values).length > 0);
  if (unknown !== undefined) {
    const [name = ''] = unknownNamesInUrl(book.path, unknown);
    const problem = `{${name}} in ${withStars(book.path)} is neither the key nor a field of inventory ${unknown.key}`;
    return [{ problem, fix: suggestion(name, Object.keys(unknown)) }];
  }
  const [first = UNPLANNED] = asked;
  const isAbout = /\{[A-Za-z_]\w*\}/.test(book.path) || texts(book).some((text) => hasPlaceholder(text, first));
  if (!isAbout && !isOne) {
    const problem = `asks the same about every inventory: ${withStars(book.path)}`;
    return [{ problem, fix: 'name the inventory, such as /seats/{key}, or the part of the answer with each' }];
  }
  const paths = [...pathsIn(book), ...pathsInConditions(book)];
  return [...problemsOfNames(book, asked), ...paths.flatMap((path) => problemOfPath(path, asked) ?? [])];
}

/** The name of a header may hold a placeholder that stands for nothing, or for a text that no name can hold. */
const problemsOfNames = ({ headers = {} }: HttpBook, asked: readonly Values[]): Problem[] =>
  Object.keys(headers).flatMap((name) => {
    const wrong = asked.find((values) => !isHeaderName(String(fillJson(name, values))));
    return wrong === undefined ? [] : [{ problem: `${name} is not the name of a header for ${wrong.key}` }];
  });

/** Where a placeholder stands without quotes, a path may fit one key and not the next: `$.seats[{key}]` fits 1, but not 1.5. */
function problemOfPath(path: string, asked: readonly Values[]): Problem | undefined {
  for (const values of asked) {
    const filled = fillJsonPath(path, values);
    try {
      compile(filled);
    } catch (error) {
      return { problem: `${path} is not a JSONPath for ${values.key}: ${(error as Error).message}` };
    }
    // The next one is the same.
    if (filled === path) return undefined;
  }
  return undefined;
}

function problemsOfStatement({ sql, database }: SqlBook, values: Values, isOne: boolean): Problem[] {
  const dialect = dialectOf(database);
  if (dialect === undefined) {
    const known = 'postgres://, mysql://, mariadb://, sqlite:///absolute/path or sqlite:relative-to-the-script';
    return [{ problem: 'the URL of the database is of no known kind', fix: `it must begin with ${known}` }];
  }
  // The driver of PostgreSQL takes a URL without a host, too.
  if (dialect !== 'sqlite' && !isPossibleUrl(database.replace('@/', '@host/'))) {
    const fix = 'look at its host and port, and escape special characters in its password, such as %2F for /';
    return [{ problem: 'the URL of the database is not a URL', fix }];
  }
  if (hasSeveralStatements(sql, dialect)) return [{ problem: 'holds several statements', fix: 'a read-back is one' }];
  const [quoted] = quotedPlaceholdersIn(sql, dialect, values);
  if (quoted !== undefined) {
    return [{ problem: `${quoted} stands in quotes, where nothing is bound`, fix: `write ${quoted} without quotes` }];
  }
  const placeholders = placeholdersIn(sql, dialect, values);
  const wrong = placeholders.find((name) => /\d/.test(name) && !['$1', '?1'].includes(name) && !name.startsWith('{'));
  if (wrong !== undefined)
    return [{ problem: `${wrong} stands for nothing`, fix: 'the key is $1 or ?, a field {name}' }];
  if (placeholders.length > 0 || isOne) return [];
  return [{ problem: 'the statement asks the same about every inventory', fix: 'name the key by $1 or ?' }];
}

const pathsIn = ({ each, units, remaining, orderIds, owners }: HttpBook): string[] =>
  [each, units, remaining, orderIds, owners].filter((path) => typeof path === 'string');

const pathsInConditions = ({ taken, free, holds = {} }: HttpBook): string[] =>
  [taken, free, ...Object.values(holds)]
    .flat()
    .flatMap(({ body = {}, has = [], lacks = [] } = {}) => [...Object.keys(body), ...has, ...lacks]);

/** All texts in which a placeholder may stand. */
const texts = ({ json, headers, taken, free, holds, ...book }: HttpBook): string[] => [
  ...pathsIn({ json, headers, taken, free, holds, ...book }),
  JSON.stringify([json, headers, taken, free, holds, book.units, book.remaining, book.orderIds, book.owners]),
];
