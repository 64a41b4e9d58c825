import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../support/artillery.ts';
import { bundledSuites } from '../support/documented-suites.ts';
import { LanguageServer } from '../support/language-server.ts';

const editor = new LanguageServer();
const file = path.join(root, 'scenarios/mine.yml');
const MODELINE = '# Hypothesis: mine.\n# yaml-language-server: $schema=../plugin/schema/suite.schema.json\n';

beforeAll(() => editor.start());
afterAll(() => editor.stop());

/** Real yaml-language-server, which reads the schema that the first comment of a suite names. */
describe('in an editor', () => {
  it('no bundled suite is underlined', async () => {
    const marked: string[] = [];
    for (const { folder = root, name, text } of bundledSuites()) {
      const marks = await editor.open(path.join(folder, path.basename(name)), text);
      marked.push(...marks.map((mark) => `${name}:${mark}`));
    }
    expect(marked).toEqual([]);
  });

  it.each<[string, string, string]>([
    ['an option', 'config:\n  plugins:\n    race:\n      inventorys: [A]\n', '6: Property inventorys is not allowed.'],
    [
      'a word of a line',
      'scenarios:\n  - flow:\n      - post: { url: /, race: { inventory: A, operatoin: hold } }\n',
      '5: Property operatoin is not allowed.',
    ],
    ['the word race', 'scenarios:\n  - flow:\n      - post: { url: /, rase: A }\n', '5: Property rase is not allowed.'],
    [
      'an option of an environment',
      'config:\n  environments:\n    a: { plugins: { race: { limits: { p95: 1 } } } }\n',
      '5: Property p95 is not allowed.',
    ],
  ])('a misspelt name is underlined: %s', async (what, text, mark) => {
    expect(await editor.open(path.join(root, `scenarios/${what}.yml`), MODELINE + text)).toEqual([mark]);
  });

  it('a number out of range is underlined', async () => {
    const text = 'config:\n  plugins:\n    race:\n      limits: { overlap: 3 }\n';
    expect(await editor.open(file, MODELINE + text)).toEqual(['6: Value is above the maximum of 1.']);
  });

  it.each<[string, string, string, RegExp]>([
    ['the block', 'config:\n  plugins:\n    race:\n      |\n', 'readBack', /^Asks the server who owns each inventory/],
    [
      'the limits',
      'config:\n  plugins:\n    race:\n      limits:\n        |\n',
      'p95Ms',
      /^How long 95 % of the answers may take/,
    ],
    [
      'an environment',
      'config:\n  environments:\n    a:\n      plugins:\n        race:\n          |\n',
      'contenders',
      /^How many virtual users go for each/,
    ],
    [
      'a line',
      'scenarios:\n  - flow:\n      - post:\n          url: /\n          race:\n            |\n',
      'units',
      /^How many units it wants/,
    ],
    [
      'a request',
      'scenarios:\n  - flow:\n      - loop:\n          - post:\n              |\n',
      'race',
      /^Holds this request until all/,
    ],
  ])('completion in %s shows what each word does', async (what, text, word, meaning) => {
    const offered = await editor.complete(path.join(root, `scenarios/in ${what}.yml`), MODELINE + text);
    expect(offered[word]).toMatch(meaning);
  });
});
