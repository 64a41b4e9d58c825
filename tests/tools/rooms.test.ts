import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import rooms from '../../tools/rooms.json' with { type: 'json' };
import { checkRooms, roomsTable } from '../../tools/rooms.ts';

const contributing = fs.readFileSync(new URL('../../CONTRIBUTING.md', import.meta.url), 'utf8');

it('CONTRIBUTING.md shows the table that the linter reads: node tools/rooms.ts --table prints it', () => {
  expect(contributing).toContain(`<!-- rooms -->\n${roomsTable(rooms)}<!-- /rooms -->`);
});

/** A repo of three rooms, of which one holds the others, and with the packages zod and yaml. */
const TABLE = [
  { room: 'model', holds: '', imports: [], packages: ['zod'] },
  { room: 'app', holds: '', imports: ['app/gate'] },
  { room: 'app/gate', holds: '', imports: [] },
];
const FILES = {
  'model/index.ts': "import * as z from 'zod';\nexport type Seat = string;\nexport const seat = z;\n",
  'app/index.ts': "export * from './gate/index.ts';\n",
  'app/gate/index.ts':
    "import fs from 'node:fs';\nimport { inner } from './deeper/inner.ts';\nexport const gate = [fs, inner];\n",
  'app/gate/deeper/inner.ts': 'export const inner = 1;\n',
  ...Object.fromEntries(
    ['zod', 'yaml'].flatMap((name) => [
      [`node_modules/${name}/package.json`, JSON.stringify({ name, exports: './dist/index.js' })],
      [`node_modules/${name}/dist/index.js`, ''],
    ]),
  ),
};

async function problemsWith(added: Readonly<Record<string, string>>): Promise<string> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'rooms-'));
  for (const [file, text] of Object.entries({ ...FILES, ...added })) {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), text);
  }
  return (await checkRooms(TABLE, root)).problems.join('\n');
}

const MODEL = '../../model/index.ts';

describe('the table of rooms', () => {
  it('lets a room import its own files, the rooms and packages that it names, and Node', async () => {
    expect(await problemsWith({})).toBe('');
  });

  it.each([
    ['an import', `import { seat } from '${MODEL}';`],
    ['an import of a type', `import type { Seat } from '${MODEL}';`],
    ['a type that is imported where it is used', `export type A = import('${MODEL}').Seat;`],
    ['an export', `export * from '${MODEL}';`],
    ['an import for its effects', `import '${MODEL}';`],
    ['an import at run time', `export const a = await import('${MODEL}');`],
    ['a require', `export const a = require('${MODEL}');`],
    ['a require that the file makes', `export const a = createRequire(import.meta.url)('${MODEL}');`],
  ])('refuses %s of another room', async (_what, text) => {
    expect(await problemsWith({ 'app/gate/wrong.ts': text })).toBe(
      'app/gate/wrong.ts must not import model/index.ts (rooms.json: app/gate/ may import nothing)',
    );
  });

  it.each(['yaml', 'node:fs', 'missing', '@scope/missing/part'])('refuses another package: %s', async (name) => {
    expect(await problemsWith({ 'model/wrong.ts': `import a from '${name}';` })).toMatch(
      /^model\/wrong\.ts must not import \S+ \(rooms\.json: model\/ may import only the packages zod\)$/,
    );
  });

  it.each(['other/new.ts', 'app/other/new.ts', 'new.ts'])('refuses code in no room: %s', async (file) => {
    expect(await problemsWith({ [file]: '' })).toBe(`${file} is in no room: add its folder to rooms.json`);
  });

  it.each(['tests/new.ts', 'docs/new.json'])('refuses an import from outside the rooms: %s', async (file) => {
    expect(await problemsWith({ [file]: '{}', 'model/wrong.ts': `import a from '../${file}';` })).toContain(
      `model/wrong.ts must not import ${file} (rooms.json: model/ may import nothing)`,
    );
  });

  it('refuses a circle of files, of types too', async () => {
    const files = {
      'model/a.ts': "import type { B } from './b.ts';\nexport type A = B;",
      'model/b.ts': "import type { A } from './a.ts';\nexport type B = A;",
    };
    expect(await problemsWith(files)).toContain('model/a.ts must not import model/b.ts (file circle)');
  });

  it('refuses a circle of folders', async () => {
    const files = {
      'model/a/one.ts': "export * from '../b/one.ts';",
      'model/a/two.ts': '',
      'model/b/one.ts': '',
      'model/b/two.ts': "export * from '../a/two.ts';",
    };
    expect(await problemsWith(files)).toContain('model/a must not import model/b (folder circle)');
  });
});
