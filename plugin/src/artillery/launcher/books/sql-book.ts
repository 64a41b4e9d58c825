import path from 'node:path';
import type { Values } from '../../../../../model/index.ts';
import { bookName, dialectOf, type SqlBook, statementOf } from '../../../config/index.ts';
import { type Blotter, readRows, type Subject, type Table } from '../../../recording/index.ts';
import type { Book, Question, Reply } from './book.ts';
import { type Connection, driverOf } from './databases/driver.ts';
import { connectMysql } from './databases/mysql.ts';
import { connectPostgres } from './databases/postgres.ts';
import { connectSqlite } from './databases/sqlite.ts';
import { TooLate, within } from './within.ts';

export interface SqlOptions {
  /** The folder of the script: SQLite's file is relative to it, and the drivers are looked for from there. */
  readonly folder: string;
  readonly blotter: Blotter;
}

/**
 * A book that is read by a statement, on a connection that only reads, within `timeoutMs`.
 *
 * @throws ConfigError if the driver of the database is not installed
 */
export function sqlBook(settings: SqlBook, { folder, blotter }: SqlOptions): Book {
  const { sql, database, settleMs, retries, timeoutMs } = settings;
  const dialect = dialectOf(database) ?? 'sqlite';
  const driver = driverOf(dialect, [folder, import.meta.dirname]) ?? '';
  const secrets = secretsIn(database);
  blotter.learn(secrets.map((value) => ({ value, isSure: true })));
  const wordsOf = (error: Error) =>
    secrets.reduce((text, secret) => text.replaceAll(secret, '***'), error.message || error.name);
  const connect = (): Promise<Connection> | Connection => {
    switch (dialect) {
      case 'postgres':
        return connectPostgres(driver, database, timeoutMs);
      case 'mysql':
        return connectMysql(driver, database, timeoutMs);
      case 'sqlite':
        return connectSqlite(fileOf(database, folder));
    }
  };
  return {
    name: bookName(settings),
    settleMs,
    retries,
    open() {
      let connection: Promise<Connection> | undefined;
      const close = async () => {
        const open = connection;
        connection = undefined;
        (await open)?.destroy();
      };
      const ask = async (values: Values): Promise<Table> => {
        const { text, names } = statementOf(sql, dialect, values);
        connection ??= Promise.resolve(connect());
        return (await connection).query(
          text,
          names.map((name) => values[name] ?? ''),
        );
      };
      const questionAbout = (subject: Subject): Question => ({
        subjects: [subject],
        async ask(): Promise<Reply> {
          try {
            const table = await within(timeoutMs, ask(subject.values), 'the database');
            return { isSilent: false, said: '', read: () => readRows(table, subject) };
          } catch (error) {
            await within(timeoutMs, close(), 'the database').catch(() => {});
            return { isSilent: error instanceof TooLate, said: '', read: () => ({ error: wordsOf(error as Error) }) };
          }
        },
      });
      return { questionsAbout: (subjects) => subjects.map(questionAbout), close };
    },
  };
}

/** `sqlite:///absolute/path` or `sqlite:relative-to-the-script`. */
const fileOf = (database: string, folder: string): string => {
  const file = database.slice('sqlite:'.length);
  return path.resolve(folder, file.startsWith('///') ? file.slice(2) : file);
};

/** The password, as it is written and as it is sent, in front of the host or in the query. */
function secretsIn(database: string): string[] {
  const url = URL.parse(database);
  if (url === null || url.protocol === 'sqlite:') return [];
  const written = [url.password, url.searchParams.get('password') ?? ''].filter((text) => text !== '');
  return [...new Set([...written, ...written.map(decoded)])].toSorted((a, b) => b.length - a.length);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
