import { readFileSync } from 'node:fs';

/**
 * The text of a file in `templates/`. This module stays beside that folder: the build bundles it into `dist/index.js`
 * and copies the folder to `dist/templates`, so that the same relative URL holds in both places.
 *
 * @throws where there is no such file, as when the package was not built.
 */
export function readTemplate(name: string): string {
  // A checkout on Windows may have CRLF; an HTML parser reads LF, and the style's hash is of what the parser reads.
  return readFileSync(new URL(`./templates/${name}`, import.meta.url), 'utf8').replaceAll('\r\n', '\n');
}
