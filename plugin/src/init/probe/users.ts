import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type { SuitePlan } from '../suite.ts';
import { fillValue, type Variables } from './fill.ts';

/** Who may book, as the suite says it. */
export interface Users {
  readonly count: number;
  /** What templates stand for if this user books. With fewer users than bookings, the last one books again. */
  variables(number: number): Variables;
}

type Plan = Pick<SuitePlan, 'variables' | 'payload'>;

/**
 * @param folder of the suite: the path of its CSV is relative to it
 * @param env values of `$env`
 */
export function usersOf({ variables, payload }: Plan, folder: string, env: Variables): Users {
  const $env = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const known = fillValue(variables, { $env }, new Set()) as Variables;
  const rows = payload === undefined ? [] : rowsOf(path.resolve(folder, payload.path), payload.fields);
  const lists = Object.values(known).filter(Array.isArray);
  const count = Math.max(1, rows.length, ...lists.map(({ length }) => length));
  return {
    count,
    variables(number) {
      const at = Math.min(number, count - 1);
      const own = Object.entries(known).map(([name, value]) => [
        name,
        Array.isArray(value) ? value[at % value.length] : value,
      ]);
      return { $env, ...Object.fromEntries(own), ...rows[at], $vu: number + 1 };
    },
  };
}

/** As Artillery reads it: the columns are named by the suite, and the first line is left out. */
function rowsOf(file: string, fields: readonly string[]): readonly Variables[] {
  const rows = parse(fs.readFileSync(file, 'utf8'), {
    bom: true,
    from_line: 2,
    relax_column_count: true,
  }) as string[][];
  return rows.map((row) => Object.fromEntries(fields.map((name, index) => [name, row[index] ?? ''])));
}
