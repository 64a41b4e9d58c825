import { renderHtml } from './html/render.ts';
import { renderJunit } from './junit.ts';
import { renderMarkdown } from './markdown.ts';
import { renderPackHtml } from './pack/html.ts';
import { renderPackJunit } from './pack/junit.ts';
import { renderPackMarkdown } from './pack/markdown.ts';
import type { PackReport } from './pack/pack.ts';
import type { Report } from './report.ts';

/** Turns a report into the text of one file. It may throw: then this file is missing, and nothing else. */
export interface Renderer<R> {
  readonly name: string;
  /** What the file's name ends in. */
  readonly file: `.${string}`;
  readonly render: (report: R) => string;
}

/** Every file that explains a verdict, the most useful to people first. A new kind of report is one line here. */
export const RENDERERS = [
  { name: 'html', file: '.html', render: renderHtml },
  { name: 'junit', file: '.junit.xml', render: renderJunit },
  { name: 'markdown', file: '.md', render: renderMarkdown },
] as const satisfies readonly Renderer<Report>[];

/** The same files for several scenarios together. */
export const PACK_RENDERERS = [
  { name: 'html', file: '.html', render: renderPackHtml },
  { name: 'junit', file: '.junit.xml', render: renderPackJunit },
  { name: 'markdown', file: '.md', render: renderPackMarkdown },
] as const satisfies readonly Renderer<PackReport>[];
