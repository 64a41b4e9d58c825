import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Table } from '../../../../recording/index.ts';
import type { Connection } from './driver.ts';

/** What the process of a query is asked. */
export interface SqliteQuery {
  readonly file: string;
  readonly text: string;
  readonly parameters: readonly (string | number)[];
}
export type SqliteAnswer = Table | { readonly error: string };

/** Beside this file in the sources and in the build. */
const isSource = import.meta.url.endsWith('.ts');
const PROCESS = fileURLToPath(new URL(isSource ? './sqlite-process.ts' : './sqlite-process.js', import.meta.url));

/**
 * Each query has a process of its own: nothing interrupts SQLite inside of this one, and even the end of the process would
 * wait for a thread with a slow query.
 */
export function connectSqlite(file: string): Connection {
  let destroy = () => {};
  return {
    query: (text, parameters) =>
      new Promise((resolve, reject) => {
        const child = fork(PROCESS, {
          serialization: 'advanced',
          execArgv: ['--disable-warning=ExperimentalWarning'],
          env: { ...process.env, NODE_OPTIONS: '' },
        });
        destroy = () => child.kill('SIGKILL');
        child.once('error', reject);
        child.once('exit', () => reject(new Error('SQLite ended without an answer')));
        child.once('message', (answer: SqliteAnswer) => {
          child.kill('SIGKILL');
          if ('error' in answer) reject(new Error(answer.error));
          else resolve(answer);
        });
        child.send({ file, text, parameters } satisfies SqliteQuery, (error) => error && reject(error));
      }),
    destroy: () => destroy(),
  };
}
