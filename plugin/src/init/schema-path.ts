import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { relativePath } from './users.ts';

/** The folder of this package: of `plugin/` in a clone, of `artillery-plugin-race` in node_modules. */
export function packageFolder(from = path.dirname(fileURLToPath(import.meta.url))): string {
  if (fs.existsSync(path.join(from, 'package.json'))) return from;
  const parent = path.dirname(from);
  return parent === from ? from : packageFolder(parent);
}

/** The editor's schema as a suite names it: relative to the suite's folder, or a URL where no relative path leads there. */
export function schemaFor(folder: string): string {
  const file = path.join(packageFolder(), 'schema/suite.schema.json');
  const relative = relativePath(folder, file);
  return path.isAbsolute(relative) || /^[A-Za-z]:/.test(relative) ? pathToFileURL(file).href : relative;
}

/** The script of a clone, as the user would type it; undefined where the package was installed. */
export function scriptCommand(): string | undefined {
  const script = path.join(packageFolder(), '../run-order-race-test.sh');
  if (!fs.existsSync(script)) return undefined;
  const relative = relativePath('.', script);
  return relative.startsWith('.') ? relative : `./${relative}`;
}
