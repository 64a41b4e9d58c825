// node tools/rooms.ts            checks every import against rooms.json; exits 1 and names what breaks it
// node tools/rooms.ts --table    prints the table for CONTRIBUTING.md
//
// A file belongs to the room with the longest path that contains it. Nothing may import in a circle, file by file or
// folder by folder. dependency-cruiser finds the imports, types included; swc parses, because TypeScript 7 has no API.

import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser';
import rooms from './rooms.json' with { type: 'json' };

interface Room {
  readonly room: string;
  readonly holds: string;
  readonly imports: readonly string[];
  /** The only packages that it may import; absent: any. Without them, a room depends on nothing outside the repo. */
  readonly packages?: readonly string[];
}

/** The rooms as a Markdown table. */
export function roomsTable(table: readonly Room[]): string {
  const code = (name: string) => `\`${name}/\``;
  const row = ({ room, holds, imports, packages = [] }: Room) =>
    `| ${code(room)} | ${holds} | ${[...packages, ...imports.map(code)].join(', ') || 'nothing'} |\n`;
  return `| room | what it holds | may import |\n| --- | --- | --- |\n${table.map(row).join('')}`;
}

async function check(table: readonly Room[]): Promise<number> {
  const { output } = await cruise([...new Set(table.map(({ room }) => room.split('/')[0] ?? room))], {
    ruleSet: { forbidden: [...CIRCLES, ...table.flatMap((room) => [walls(room, table), ...packagesOf(room)])] },
    validate: true,
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/|^plugin/package[.]json$' },
  });
  const { violations, totalCruised } = (output as ICruiseResult).summary;
  for (const { from, to, rule } of violations) console.error(`${from} must not import ${to} (${rule.name})`);
  console.error(`${totalCruised} files in ${table.length} rooms: ${violations.length} wrong imports`);
  return violations.length === 0 ? 0 : 1;
}

const CIRCLES: readonly IForbiddenRuleType[] = [
  { name: 'file circle', severity: 'error', from: {}, to: { circular: true } },
  { name: 'folder circle', severity: 'error', scope: 'folder', from: {}, to: { circular: true } },
];

/** Files of a room may import each other, and the rooms that it names. */
function walls(room: Room, table: readonly Room[]): IForbiddenRuleType {
  const open = [room.room, ...room.imports].flatMap((name) => pathOf(name, table));
  const everywhere = table.map(({ room: name }) => `^${name}/`);
  return {
    name: `rooms.json: ${room.room}/ may import ${room.imports.join(', ') || 'nothing'}`,
    severity: 'error',
    from: { path: pathOf(room.room, table) },
    to: { path: everywhere, pathNot: open },
  };
}

function packagesOf({ room, packages }: Room): IForbiddenRuleType[] {
  if (packages === undefined) return [];
  return [
    {
      name: `rooms.json: ${room}/ may import only the packages ${packages.join(', ')}`,
      severity: 'error',
      from: { path: `^${room}/` },
      to: { dependencyTypesNot: ['local'], pathNot: packages.map((name) => `(^|/)node_modules/${name}/`) },
    },
  ];
}

/** The files of a room, without those of the rooms inside it. */
function pathOf(name: string, table: readonly Room[]): string {
  const inner = table.map(({ room }) => room).filter((other) => other.startsWith(`${name}/`));
  const without = inner.map((other) => `${other.slice(name.length + 1)}/`).join('|');
  return without === '' ? `^${name}/` : `^${name}/(?!${without})`;
}

if (process.argv[1] === import.meta.filename) {
  if (process.argv.includes('--table')) process.stdout.write(roomsTable(rooms));
  else process.exitCode = await check(rooms);
}
