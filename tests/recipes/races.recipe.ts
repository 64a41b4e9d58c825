import fs from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { root, runFile } from '../support/artillery.ts';
import { it, temporaryFolder } from '../support/fixtures.ts';
import type { StandIn } from '../support/stand-in.ts';

const names = fs
  .readdirSync(path.join(root, 'examples/races'))
  .filter((file) => file.endsWith('.yml'))
  .map((file) => path.basename(file, '.yml'));

/** The recipe runs as it is printed: only TARGET, and what else the stand-in needs, come from the environment. */
function race(name: string, url: string, env = {}) {
  const cwd = temporaryFolder(`${name}-`);
  const variables = { TARGET: url, ORDER_OUTPUT_DIR: path.join(cwd, 'output'), ...env };
  return runFile(path.join(root, 'examples/races', `${name}.yml`), { cwd, env: variables });
}

const standInOf = async (name: string) =>
  ((await import(`../stand-ins/${name}.ts`)) as { readonly standIn: StandIn }).standIn;

describe.concurrent.for(names)('%s', (name) => {
  it('passes a right server', async ({ open }) => {
    const server = await open((await standInOf(name)).open(true));
    const run = await race(name, server.url, server.env);
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.verdict?.findings).toEqual([]);
  });

  it('catches a wrong one, and says what is wrong in its own words', async ({ open }) => {
    const { finding, says, ...standIn } = await standInOf(name);
    const server = await open(standIn.open(false));
    const run = await race(name, server.url, server.env);
    expect(run.code, run.stdout + run.stderr).toBe(3);
    const found = run.verdict?.findings.filter(({ id }) => id === finding) ?? [];
    expect(found.map(({ message }) => message).join('\n'), JSON.stringify(run.verdict?.findings)).toMatch(says);
  });
});
