import fs from 'node:fs';
import path from 'node:path';
import { withSection } from '../../bench/report/files.ts';
import { table } from '../../bench/report/markdown.ts';
import type { Result } from './result.ts';

const PAGE = path.resolve(import.meta.dirname, '../../docs/real-systems.md');

/** The results as a Markdown table. */
export const tableOf = (results: readonly Result[]): string =>
  table(
    ['system', 'version', 'lock', 'verdict', 'findings', 'sold, by SQL', 'seats', 'as expected'],
    results.map(({ system, version, lock, verdict, findings, sold, capacity, asExpected }) => [
      system,
      version,
      lock,
      verdict,
      findings.join(', ') || '–',
      String(sold),
      String(capacity),
      asExpected ? '✓' : '✗',
    ]),
  );

/**
 * Writes the table of one system in docs/real-systems.md anew, and under it what the figures depend on.
 *
 * @param name the system, and the section of the page
 */
export function writePage(name: string, results: readonly Result[], taken: readonly string[]): void {
  const text = `${tableOf(results)}\n\n${taken.join('; ')}.`;
  fs.writeFileSync(PAGE, withSection(fs.readFileSync(PAGE, 'utf8'), name, text));
}
