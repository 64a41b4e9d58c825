import { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, vi } from 'vitest';
import { runArtillery } from '../../cli/artillery.ts';
import { it } from '../support/fixtures.ts';

/** In the place of Artillery: says that it is there, and takes no notice of an interruption. */
const DEAF = `process.on('SIGINT', () => {});
setInterval(() => {}, 1000);
require('node:fs').writeFileSync('ready', '');`;

describe('an interrupted run that does not end', () => {
  it.for([
    [false, 20_000],
    [true, 120_000],
  ] as const)('is killed, where rounds repeat (%s) after %i ms', async ([repeats, afterMs], { folder }) => {
    const bin = join(folder, 'node_modules/artillery/bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'run'), DEAF);
    const kill = vi.spyOn(ChildProcess.prototype, 'kill');
    const stop = new AbortController();
    const run = {
      root: folder,
      folder,
      scenario: 'suite.yml',
      environment: undefined,
      output: 'none' as const,
      repeats,
    };
    const ended = runArtillery({ ...run, env: {}, signal: stop.signal });
    await vi.waitUntil(() => existsSync(join(folder, 'ready')), { timeout: 10_000 });

    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      stop.abort('SIGINT');
      vi.advanceTimersByTime(afterMs - 1);
      expect(kill.mock.calls).toEqual([['SIGINT']]);
      vi.advanceTimersByTime(1);
      expect(kill.mock.calls).toEqual([['SIGINT'], ['SIGKILL']]);
    } finally {
      vi.useRealTimers();
      kill.mockRestore();
    }
    expect(await ended).toBe(137);
  });
});
