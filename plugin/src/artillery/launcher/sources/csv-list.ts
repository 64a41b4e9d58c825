import fs from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { type CsvSource, suggestion } from '../../../config/index.ts';
import type { SourceAnswer } from './source-answer.ts';

/** Files that were put together hold more than one kind of line end. */
const READING = { bom: true, skip_empty_lines: true, trim: true, record_delimiter: ['\r\n', '\n', '\r'] };

/**
 * Reads inventories from a CSV file. Its values are always text.
 *
 * @param folder the folder of the script
 */
export function csvList({ csv, key, capacity }: CsvSource, folder: string): SourceAnswer {
  const refused = (listed: string): SourceAnswer => ({ asked: csv, listed, said: '' });
  let rows: readonly (readonly string[])[];
  try {
    rows = parse(fs.readFileSync(path.resolve(folder, csv)), READING);
  } catch (error) {
    return refused(`cannot be read: ${(error as Error).message}`);
  }
  const [columns = [], ...lines] = rows;
  const unknown = [key, capacity ?? []].flat().find((name) => !columns.includes(name));
  if (unknown !== undefined) return refused(`has no column "${unknown}"; ${suggestion(unknown, columns)}`);
  const listed = lines.map((line) => {
    const values = new Map(columns.map((name, index) => [name, line[index] ?? '']));
    return {
      // A row with an empty key has no key.
      key: values.get(key) || undefined,
      capacity: capacity === undefined ? undefined : values.get(capacity),
      fields: Object.fromEntries([...values].filter(([name]) => name !== key && name !== capacity)),
      text: line.join(','),
    };
  });
  return { asked: csv, listed, said: '' };
}
