import fs from 'node:fs';
import path from 'node:path';
import { describeMachine } from '../bench/machine.ts';
import { withSection } from '../bench/report/files.ts';
import { measuredRow, merged, type Row, type RowKey } from './results.ts';

const docs = path.resolve(import.meta.dirname, '../docs');
const DATA = path.join(docs, 'detection.json');
const PAGE = path.join(docs, 'detection.md');

const savedRows = (): readonly Row[] =>
  fs.existsSync(DATA) ? (JSON.parse(fs.readFileSync(DATA, 'utf8')) as readonly Row[]) : [];

/** The row that an interrupted measurement has saved: see {@link measuredRow}. */
export const savedRow = (wanted: RowKey, runs: number): Row | undefined =>
  measuredRow(savedRows(), wanted, runs, describeMachine());

/**
 * Adds rows to docs/detection.json and writes sections of docs/detection.md anew.
 *
 * @param sections given all rows, returns the text of each section by name
 */
export function saveRows(fresh: readonly Row[], sections: (rows: readonly Row[]) => Readonly<Record<string, string>>) {
  const rows = merged(savedRows(), fresh);
  fs.writeFileSync(DATA, `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`);
  const page = Object.entries(sections(rows)).reduce(
    (text, [name, section]) => withSection(text, name, section),
    fs.readFileSync(PAGE, 'utf8'),
  );
  fs.writeFileSync(PAGE, page);
}
