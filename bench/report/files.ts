import fs from 'node:fs';
import path from 'node:path';

const docs = path.resolve(import.meta.dirname, '../../docs');

export const CHART = 'benchmarks.svg';

/** Replaces one section of docs/benchmarks.md, between its two marks, and leaves the others as they are. */
export function writeSection(name: string, text: string): void {
  const file = path.join(docs, 'benchmarks.md');
  fs.writeFileSync(file, withSection(fs.readFileSync(file, 'utf8'), name, text));
}

export function withSection(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to === -1) throw new Error(`the page has no section ${begin} … ${end}`);
  return `${page.slice(0, from)}${begin}\n\n${text.trim()}\n\n${page.slice(to)}`;
}

export function writeChart(svg: string): void {
  fs.writeFileSync(path.join(docs, CHART), svg);
}
