import fs from 'node:fs';
import path from 'node:path';
import { parseYaml } from '../../plugin/src/config/index.ts';
import { root } from './artillery.ts';

export interface Suite {
  /** Where it is, for the name of a test. */
  readonly name: string;
  readonly text: string;
  /** The folder from which its relative paths start; undefined for one that a reader saves elsewhere. */
  readonly folder: string | undefined;
}

const FOLDERS = ['scenarios', 'examples/races'];
const PAGES = ['README.md', 'plugin/README.md', ...namesIn('docs', '.md')];

/** Every suite that is a file of the repository. */
export const bundledSuites = (): Suite[] =>
  FOLDERS.flatMap((folder) => namesIn(folder, '.yml'))
    .filter((name) => path.basename(name) !== 'environments.yml')
    .map((name) => ({ name, text: read(name), folder: path.join(root, path.dirname(name)) }));

/** Every whole suite that a document prints. */
export const printedSuites = (): Suite[] =>
  PAGES.flatMap((page) =>
    [...read(page).matchAll(/^```ya?ml\n(.*?)^```$/gms)]
      .map(([, text = '']) => text)
      .filter((text) => /^config:/m.test(text) && /^scenarios:/m.test(text))
      .map((text) => ({ name: `${page}: ${text.split('\n')[0]}`, text, folder: undefined })),
  );

export const parsed = ({ text, name }: Suite): unknown => parseYaml(text, name);

function namesIn(folder: string, ending: string): string[] {
  return fs
    .readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`);
}

function read(name: string): string {
  return fs.readFileSync(path.join(root, name), 'utf8');
}
