import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { isWaiting } from '../../plugin/src/artillery/shared/parent.ts';
import { root } from '../support/artillery.ts';
import { it } from '../support/fixtures.ts';

const child = path.join(root, 'tests/support/watches-parent.mjs');

describe('a process that waits for another', () => {
  it.each([
    ['sh', '-c', 'artillery run suite.yml'],
    ['/bin/bash', '-ec', 'x'],
    ['bash', '-e', '-c', 'x'],
    ['npm exec artillery run dir/suite.yml'],
    ['node', '/usr/lib/node_modules/npm/bin/npx-cli.js', 'artillery'],
    ['/usr/bin/node', '/usr/local/bin/npx', 'artillery'],
    ['pnpm', 'exec', 'artillery'],
  ])('is %s %s %s', (...args) => {
    expect(isWaiting({ args })).toBe(true);
  });

  it.each([['-bash'], ['bash', 'script.sh'], ['node', 'runner.js'], ['/usr/sbin/cron', '-f'], ['zsh', '-i', ''], ['']])(
    'is not %s %s',
    (...args) => {
      expect(isWaiting({ args })).toBe(false);
    },
  );
});

describe('a process whose parent is killed', () => {
  /** Starts the child below something, and kills that with no chance to tell anybody. */
  async function killed(command: readonly string[], file: string, env: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
    const [program = '', ...args] = command;
    const parent = spawn(program, args, { env: { ...process.env, ORDER_COMMAND: undefined, ...env }, stdio: 'ignore' });
    await expect.poll(() => fs.existsSync(file), { timeout: 10_000 }).toBe(true);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    return parent;
  }
  const watch = (file: string) => `"${process.execPath}" "${child}" "${file}"; true`;
  const saysGone = (file: string) => expect.poll(() => fs.readFileSync(file, 'utf8'), { timeout: 10_000 }).toBe('gone');

  it('hears of it below `sh -c`', async ({ folder }) => {
    const file = path.join(folder, 'seen');
    await killed(['sh', '-c', watch(file)], file);
    await saysGone(file);
  });

  it('hears of it below a shell below npm', async ({ folder }) => {
    const file = path.join(folder, 'seen');
    fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ scripts: { race: watch(file) } }));
    await killed(['npm', '--prefix', folder, 'run', 'race'], file);
    await saysGone(file);
  });

  it('hears of it below the script, whatever that is', async ({ folder }) => {
    const file = path.join(folder, 'seen');
    const start = `require('child_process').spawn(process.execPath, ${JSON.stringify([child, file])})`;
    await killed([process.execPath, '-e', start], file, { ORDER_COMMAND: './run-order-race-test.sh demo' });
    await saysGone(file);
  });

  it('goes on below anything else: people log out of the shell of a long race', async ({ folder }) => {
    const file = path.join(folder, 'seen');
    const start = `require('child_process').spawn(process.execPath, ${JSON.stringify([child, file])})`;
    await killed([process.execPath, '-e', start], file);
    await saysGoesOn(file);
  });

  const saysGoesOn = (file: string) =>
    expect.poll(() => fs.readFileSync(file, 'utf8'), { timeout: 10_000 }).toBe('orphan, and goes on');
});
