// node tools/rooms.ts            checks every import against rooms.json; exits 1 and names what breaks it
// node tools/rooms.ts --table    prints the table for CONTRIBUTING.md
//
// A file belongs to the room with the longest path that contains it. Nothing may import in a circle, file by file or
// folder by folder; a folder and the folders inside it count as one. dependency-cruiser finds the imports, types included;
// swc parses, because TypeScript 7 has no API.

import fs from 'node:fs';
import path from 'node:path';
import { cruise, type ICruiseResult, type IForbiddenRuleType, type IModule } from 'dependency-cruiser';
import rooms from './rooms.json' with { type: 'json' };

interface Room {
  readonly room: string;
  readonly holds: string;
  /** The rooms whose files it may import, besides its own. */
  readonly imports: readonly string[];
  /** The only packages that it may import, those of Node included; absent: any. */
  readonly packages?: readonly string[];
}

/** The rooms as a Markdown table. */
export function roomsTable(table: readonly Room[]): string {
  const code = (name: string) => `\`${name}/\``;
  const row = ({ room, holds, imports, packages = [] }: Room) =>
    `| ${code(room)} | ${holds} | ${[...packages, ...imports.map(code)].join(', ') || 'nothing'} |\n`;
  return `| room | what it holds | may import |\n| --- | --- | --- |\n${table.map(row).join('')}`;
}

/**
 * Checks all code below a folder but the tests, which may import everything.
 *
 * @returns how many files there are, and a line for each that breaks the table
 */
export async function checkRooms(
  table: readonly Room[],
  root: string,
): Promise<{ readonly files: number; readonly problems: readonly string[] }> {
  const { output } = await cruise(codeIn(root), {
    baseDir: root,
    ruleSet: { forbidden: [...CIRCLES] },
    validate: true,
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: NOT_OURS.source },
    exclude: { path: '^plugin/package[.]json$' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['types', 'node', 'import'] },
  });
  const { modules, summary } = output as ICruiseResult;
  const circles = summary.violations.map(({ from, to, rule }) => `${from} must not import ${to} (${rule.name})`);
  const ours = modules.filter(({ source, coreModule, couldNotResolve }) => {
    return !coreModule && !couldNotResolve && !NOT_OURS.test(source);
  });
  const problems = [...ours.flatMap((module) => problemsOf(module, table, root)), ...circles];
  return { files: ours.length, problems: [...new Set(problems)] };
}

const BUILT = /^plugin\/dist\//;
const NOT_OURS = new RegExp(`(?:^|/)node_modules/|${BUILT.source}`);
const WITHOUT_ROOM = new Set(['node_modules', 'output', 'tests', 'vitest.config.ts']);

const CIRCLES: readonly IForbiddenRuleType[] = [
  { name: 'file circle', severity: 'error', from: {}, to: { circular: true } },
  { name: 'folder circle', severity: 'error', scope: 'folder', from: {}, to: { circular: true } },
];

const codeIn = (root: string): string[] =>
  fs
    .readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || /\.[cm]?[jt]s$/.test(entry.name))
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('.') && !WITHOUT_ROOM.has(name));

/** What a file imports: a file of ours, or a package. */
type Imported = { readonly file: string } | { readonly package: string };

function problemsOf(module: IModule, table: readonly Room[], root: string): string[] {
  const { source } = module;
  const room = roomOf(source, table);
  if (room === undefined) return [`${source} is in no room: add its folder to rooms.json`];
  const { room: name, imports, packages } = room;
  return importsOf(module, root).flatMap((imported) => {
    if ('package' in imported) {
      if (packages === undefined || packages.includes(imported.package)) return [];
      const allowed = packages.length === 0 ? 'no packages' : `only the packages ${packages.join(', ')}`;
      return [`${source} must not import ${imported.package} (rooms.json: ${name}/ may import ${allowed})`];
    }
    const other = roomOf(imported.file, table)?.room;
    if (other !== undefined && [name, ...imports].includes(other)) return [];
    const allowed = imports.join(', ') || 'nothing';
    return [`${source} must not import ${imported.file} (rooms.json: ${name}/ may import ${allowed})`];
  });
}

/** A room that holds rooms has no other folders: a new folder there is a new room. */
function roomOf(file: string, table: readonly Room[]): Room | undefined {
  const around = table.filter(({ room }) => file.startsWith(`${room}/`));
  const room = around.toSorted((a, b) => b.room.length - a.room.length)[0];
  if (room === undefined || path.posix.dirname(file.replace(BUILT, 'plugin/')) === room.room) return room;
  return table.some((other) => other.room.startsWith(`${room.room}/`)) ? undefined : room;
}

function importsOf({ source, dependencies }: IModule, root: string): Imported[] {
  const found = dependencies.map(({ module, resolved, coreModule, couldNotResolve }) => {
    if (couldNotResolve) return importedFrom(source, module);
    return coreModule || resolved.includes('node_modules/') ? packageOf(module) : { file: resolved };
  });
  // dependency-cruiser sees neither `import('…')` in a type nor `createRequire(…)('…')`.
  const text = fs.readFileSync(path.join(root, source), 'utf8');
  const names = text.matchAll(/\b(?:import|createRequire\(import\.meta\.url\))\(\s*(['"])(.+?)\1/g);
  return [...found, ...[...names].map(([, , name = '']) => importedFrom(source, name))];
}

const importedFrom = (source: string, name: string): Imported =>
  name.startsWith('.') ? { file: path.posix.join(path.posix.dirname(source), name) } : packageOf(name);

const packageOf = (name: string): Imported => ({ package: /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name });

if (process.argv[1] === import.meta.filename) {
  if (process.argv.includes('--table')) process.stdout.write(roomsTable(rooms));
  else {
    const { files, problems } = await checkRooms(rooms, path.resolve(import.meta.dirname, '..'));
    for (const problem of problems) console.error(problem);
    console.error(`${files} files in ${rooms.length} rooms: ${problems.length} wrong imports`);
    process.exitCode = problems.length === 0 ? 0 : 1;
  }
}
