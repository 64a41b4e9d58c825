import type { Values } from '../../../model/index.ts';

export type Dialect = 'postgres' | 'mysql' | 'sqlite';

/** A statement as its database takes it. */
export interface Statement {
  readonly text: string;
  /** The names of the values to bind, in order. */
  readonly names: readonly string[];
}

/** What a database URL speaks; undefined for anything else. */
export function dialectOf(database: string): Dialect | undefined {
  if (/^postgres(ql)?:\/\//.test(database)) return 'postgres';
  if (/^(mysql|mariadb):\/\//.test(database)) return 'mysql';
  return database.startsWith('sqlite:') && database.length > 'sqlite:'.length ? 'sqlite' : undefined;
}

/** Texts in quotes, quoted names and comments, which PostgreSQL nests: nothing in them is a placeholder. */
const QUOTED: Readonly<Record<Dialect, string>> = {
  postgres: String.raw`[eE]'(?:[^'\\]|\\[^]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?<tag>[A-Za-z_]\w*)?\$[^]*?\$\k<tag>\$|--[^\n]*|/\*(?:/\*(?:[^*]|\*(?!/))*\*/|[^*/]|\*(?!/)|/(?!\*))*\*/`,
  mysql: String.raw`'(?:[^'\\]|\\[^]|'')*'|"(?:[^"\\]|\\[^]|"")*"|${'`'}[^${'`'}]*${'`'}|--(?=\s|$)[^\n]*|#[^\n]*|/\*[^]*?\*/`,
  sqlite: String.raw`'(?:[^']|'')*'|"(?:[^"]|"")*"|${'`'}[^${'`'}]*${'`'}|\[[^\]]*\]|--[^\n]*|/\*[^]*?\*/`,
};
const OTHERS = String.raw`(?<word>[A-Za-z_][\w$]*)|(?<dollar>\$\d+)|(?<mark>\?\d*)|\{(?<name>[A-Za-z_]\w*)\}`;

const tokensOf = (dialect: Dialect) => new RegExp(`(?<quoted>${QUOTED[dialect]})|${OTHERS}`, 'g');

/**
 * The statement with a parameter of its database for each placeholder: `$1` or `?` is the key, `{field}` a field. No value
 * ever becomes part of the text. In PostgreSQL, `?` is an operator where the statement has `$1`.
 */
export function statementOf(sql: string, dialect: Dialect, values: Values): Statement {
  const names: string[] = [];
  const bound = (name: string): string => {
    if (dialect !== 'postgres') return names.push(name) > 0 ? '?' : '';
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  };
  const isOperator = dialect === 'postgres' && placeholdersIn(sql, dialect, values).includes('$1');
  const text = sql.replace(tokensOf(dialect), (all: string, ...rest: unknown[]) => {
    const { dollar, mark, name } = rest.at(-1) as Readonly<Record<string, string | undefined>>;
    if (name !== undefined) return Object.hasOwn(values, name) ? bound(name) : all;
    return dollar !== undefined || (mark !== undefined && !isOperator) ? bound('key') : all;
  });
  return { text, names };
}

/** The placeholders of a statement, as they stand there: `$1`, `?`, `{field}`. */
export function placeholdersIn(sql: string, dialect: Dialect, values: Values): string[] {
  return [...sql.matchAll(tokensOf(dialect))].flatMap(({ 0: all, groups = {} }) => {
    const { dollar, mark, name } = groups;
    if (name !== undefined) return Object.hasOwn(values, name) ? all : [];
    return dollar !== undefined || mark !== undefined ? all : [];
  });
}

/** Placeholders that stand in quotes, where nothing is bound. */
export const quotedPlaceholdersIn = (sql: string, dialect: Dialect, values: Values): string[] =>
  [...sql.matchAll(tokensOf(dialect))].flatMap(({ groups }) =>
    /^[eE]?['"]/.test(groups?.quoted ?? '')
      ? [...(groups?.quoted ?? '').matchAll(/\{([A-Za-z_]\w*)\}/g)].flatMap(([all, name = '']) =>
          Object.hasOwn(values, name) ? all : [],
        )
      : [],
  );

/** Whether something follows the end of the first statement: databases differ in whether they notice. */
export const hasSeveralStatements = (sql: string, dialect: Dialect): boolean =>
  /;\s*\S/.test(sql.replace(tokensOf(dialect), (all: string, quoted?: string) => (quoted === undefined ? all : ' ')));
