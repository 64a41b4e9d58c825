import fs from 'node:fs';
import path from 'node:path';

const docs = path.resolve(import.meta.dirname, '../../docs');

export const CHART = 'benchmarks.svg';

/** Replaces one section of docs/benchmarks.md and keeps the rest. */
export function writeSection(name: string, text: string): void {
  const file = path.join(docs, 'benchmarks.md');
  fs.writeFileSync(file, withSection(fs.readFileSync(file, 'utf8'), name, text));
}

/**
 * The same, where docs/benchmarks.md has this section: it has one for the usual sizes of a bench, not for others.
 *
 * @returns whether it has one
 */
export function writeSectionIfAny(name: string, text: string): boolean {
  const isThere = fs.readFileSync(path.join(docs, 'benchmarks.md'), 'utf8').includes(`<!-- ${name} -->`);
  if (isThere) writeSection(name, text);
  return isThere;
}

/**
 * Replaces the text between the two marks of a section: `<!-- name -->` and `<!-- /name -->`.
 *
 * @throws Error when the page has no such section
 */
export function withSection(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to === -1) throw new Error(`the page has no section ${begin} … ${end}`);
  return `${page.slice(0, from)}${begin}\n\n${text.trim()}\n\n${page.slice(to)}`;
}

export function writeChart(svg: string): void {
  fs.writeFileSync(path.join(docs, CHART), svg);
}
