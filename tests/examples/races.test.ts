import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../support/artillery.ts';

const read = (file: string) => fs.readFileSync(path.join(root, file), 'utf8');
const page = read('docs/say-your-race.md');
const files = fs.readdirSync(path.join(root, 'examples/races'));
const withCode = (lines: readonly string[]) => lines.filter((line) => !/^\s*(?:#|\/\/|\/?\*|$)/.test(line));

/** The lines of `config.plugins`, its first one included, without comments. */
function pluginsOf(file: string): string[] {
  const lines = withCode(read(`examples/races/${file}`).split('\n'));
  const first = lines.indexOf('  plugins:');
  const next = lines.findIndex((line, index) => index > first && !line.startsWith('   '));
  return lines.slice(first, next);
}

/** The lines of each function, without comments. */
const functionsOf = (file: string): string[][] =>
  [
    ...read(`examples/races/${file}`).matchAll(/^(?:export )?(?:async function|function|const) .*?^(?:\}|\S.*);?$/gms),
  ].map(([text]) => withCode(text.split('\n')));

describe('docs/say-your-race.md', () => {
  /** A file stands below the line that links it. */
  const BLOCK = /^(\[([\w-]+\.m?[a-z]+)\]\(\.\.\/examples\/races\/\2\)\n\n```[a-z]+\n).*?^```$/gms;

  it('prints the files of examples/races as they are (`npm run generate` copies them)', async () => {
    const printed = page.replace(BLOCK, (_, head, file) => `${head}${read(`examples/races/${file}`)}\`\`\``);
    await expect(printed).toMatchFileSnapshot('../../docs/say-your-race.md');
  });

  it('prints each of them once', () => {
    const shown = [...page.matchAll(BLOCK)].map(([, , file]) => file);
    expect(shown.toSorted()).toEqual(files.toSorted());
  });
});

describe.for(files.filter((file) => file.endsWith('.yml')))('%s', (file) => {
  it('says its race in at most ten lines, and begins with its hypothesis', () => {
    const lines = pluginsOf(file);
    expect(lines.slice(0, 2)).toEqual(['  plugins:', '    race:']);
    expect(lines.length, lines.join('\n')).toBeLessThanOrEqual(10);
    expect(read(`examples/races/${file}`)).toMatch(/^# Hypothesis: .+\.\n/);
  });

  it('has a stand-in, and no line above 120 characters', () => {
    expect(fs.existsSync(path.join(root, 'tests/stand-ins', file.replace(/yml$/, 'ts')))).toBe(true);
    for (const line of read(`examples/races/${file}`).split('\n')) expect(line.length, line).toBeLessThanOrEqual(120);
  });
});

describe.for(files.filter((file) => !file.endsWith('.yml')))('%s', (file) => {
  it('has only functions of at most fifteen lines', () => {
    const functions = functionsOf(file);
    expect(functions.length).toBeGreaterThan(0);
    for (const lines of functions) expect(lines.length, lines.join('\n')).toBeLessThanOrEqual(15);
  });
});
