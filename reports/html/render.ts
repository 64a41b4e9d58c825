import type { Report } from '../report.ts';
import { compileTemplate, type Embedded, embed } from '../templates.ts';
import { type ReportView, viewOf } from './view.ts';

const PARTIALS = [
  'verdict',
  'first-screen',
  'findings',
  'finding',
  'evidence',
  'lanes',
  'figures',
  'charts',
  'rounds',
  'setup',
] as const;

/** One style sheet in parts: the whole page, its sections, its drawings, then phones and paper. */
const STYLES = [
  'base.css',
  'verdict.css',
  'first-screen.css',
  'figures.css',
  'findings.css',
  'sort.css',
  'rounds.css',
  'setup.css',
  'charts.css',
  'map.css',
  'lanes.css',
  'media.css',
] as const;

/** What the page needs besides the report. */
interface Page extends ReportView {
  readonly style: Embedded;
  /** Sorts, filters and opens what is there without it. */
  readonly script: Embedded;
}

/**
 * The report as one self-contained HTML file: it asks for nothing from anywhere, every text from outside is escaped, and
 * everything is there without its one small script.
 *
 * @throws where the templates are missing, or name something that the view does not have (they are strict)
 */
export function renderHtml(report: Report): string {
  const fill = compileTemplate<Page>('report', PARTIALS);
  return fill({ ...viewOf(report), style: embed(...STYLES), script: embed('sort.js', 'report.js') });
}
