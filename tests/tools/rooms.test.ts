import fs from 'node:fs';
import { expect, it } from 'vitest';
import rooms from '../../tools/rooms.json' with { type: 'json' };
import { roomsTable } from '../../tools/rooms.ts';

const contributing = fs.readFileSync(new URL('../../CONTRIBUTING.md', import.meta.url), 'utf8');

it('CONTRIBUTING.md shows the table that the linter reads: node tools/rooms.ts --table prints it', () => {
  expect(contributing).toContain(`<!-- rooms -->\n${roomsTable(rooms)}<!-- /rooms -->`);
});

it('every folder that has code is a room', () => {
  const names = new Set(rooms.map(({ room }) => room.split('/')[0]));
  const folders = fs.readdirSync(new URL('../..', import.meta.url), { withFileTypes: true });
  const known = new Set([...names, 'docs', 'examples', 'node_modules', 'output', 'scenarios', 'tests']);
  const strangers = folders.filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith('.') && !known.has(entry.name),
  );
  expect(strangers.map(({ name }) => name)).toEqual([]);
});
