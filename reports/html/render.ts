import { createHash } from 'node:crypto';
import Handlebars from 'handlebars';
import type { Report } from '../model.ts';
import { readTemplate } from '../templates.ts';
import { type ReportView, viewOf } from './view.ts';

const PARTIALS = ['verdict', 'figures', 'findings', 'lanes', 'charts', 'rounds', 'setup'] as const;

/** One style sheet in parts: the page's own type, colours and tables, its sections, its drawings, then phones and paper. */
const STYLES = ['base.css', 'report.css', 'charts.css', 'media.css'] as const;

/** What the page needs beside the report. */
interface Page extends ReportView {
  readonly css: string;
  /** The only style that the page's Content-Security-Policy lets in. */
  readonly cssHash: string;
  /** Sorts, filters and opens what is there without it. */
  readonly script: string;
  /** The only script, likewise. */
  readonly scriptHash: string;
}

/**
 * The report as one self-contained HTML file: no request to anywhere, every text from outside escaped, and everything is
 * there without its one small script.
 *
 * @throws where the templates are missing, or name something that the view does not have (they are strict).
 */
export function renderHtml(report: Report): string {
  const css = STYLES.map(readTemplate).join('\n');
  const script = readTemplate('report.js');
  return compilePage()({ ...viewOf(report), css, cssHash: hashOf(css), script, scriptHash: hashOf(script) });
}

const hashOf = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;

function compilePage(): Handlebars.TemplateDelegate<Page> {
  const handlebars = Handlebars.create();
  for (const name of PARTIALS) handlebars.registerPartial(name, readTemplate(`${name}.hbs`));
  // Without `preventIndent` a partial's lines are indented, and those of a <pre> with them.
  return handlebars.compile<Page>(readTemplate('report.hbs'), {
    strict: true,
    noEscape: false,
    knownHelpersOnly: true,
    preventIndent: true,
  });
}
