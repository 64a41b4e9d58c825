// The process of one query on SQLite. It reads, answers, and is killed.

import { DatabaseSync } from 'node:sqlite';
import type { SqliteAnswer, SqliteQuery } from './sqlite.ts';

process.once('message', (query: SqliteQuery) => process.send?.(answerTo(query)));
process.once('disconnect', () => process.exit());

function answerTo({ file, text, parameters }: SqliteQuery): SqliteAnswer {
  try {
    const database = new DatabaseSync(file, { readOnly: true });
    const statement = database.prepare(text);
    statement.setReadBigInts(true);
    const columns = statement.columns().map(({ name }) => name);
    // A number that is bound as a double would not equal the text '17'.
    const bound = parameters.map((value) => (Number.isSafeInteger(value) ? BigInt(value) : value));
    return { columns, rows: statement.all(...bound).map((row) => columns.map((name) => row[name])) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}
