import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import Handlebars from 'handlebars';

/**
 * A template of `templates/`, ready to be filled in. It escapes every value for HTML and XML, except those in
 * `{{{three braces}}}`.
 *
 * @param partials names of the templates that it includes
 * @throws if a file is missing; the returned function throws if the data lacks something that the template names
 */
export function compileTemplate<Data>(name: string, partials: readonly string[] = []): (data: Data) => string {
  const handlebars = Handlebars.create();
  for (const partial of partials) handlebars.registerPartial(partial, readTemplate(`${partial}.hbs`));
  return handlebars.compile<Data>(readTemplate(`${name}.hbs`), {
    strict: true,
    noEscape: false,
    knownHelpersOnly: true,
    // Without this a partial's lines are indented, and those of a <pre> with them.
    preventIndent: true,
  });
}

/** A style sheet or script that a page carries with it, and the hash by which its Content-Security-Policy lets it in. */
export interface Embedded {
  readonly text: string;
  readonly hash: string;
}

/** Files of `templates/` as one text to embed. */
export function embed(...names: readonly string[]): Embedded {
  const text = names.map(readTemplate).join('\n');
  return { text, hash: `sha256-${createHash('sha256').update(text).digest('base64')}` };
}

/**
 * This file and `templates/` must stay in one folder. The build bundles the file into `dist/` and copies the folder to
 * `dist/templates`, so the relative URL is the same there.
 */
function readTemplate(name: string): string {
  // A checkout on Windows may have CRLF; an HTML parser reads LF, and the hash is of what the parser reads.
  return readFileSync(new URL(`./templates/${name}`, import.meta.url), 'utf8').replaceAll('\r\n', '\n');
}
