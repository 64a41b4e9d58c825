import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { PeerFigures } from '../../bench/peers/results.ts';

interface Output {
  readonly machine: unknown;
  readonly versions: Readonly<Record<string, string>>;
  readonly arms: readonly PeerFigures[];
  readonly skipped: readonly unknown[];
}

describe('npm run bench:peers', () => {
  it('prints one JSON object with what each tool did', () => {
    const args = ['--arms', 'ours-http1,stock', '--contenders', '10', '--rounds', '2', '--repeat', '1', '--json'];
    const text = execFileSync(process.execPath, ['bench/peers.ts', ...args], { encoding: 'utf8', stdio: 'pipe' });
    const { arms, skipped, versions } = JSON.parse(text) as Output;
    expect(skipped).toEqual([]);
    expect(Object.keys(versions)).toEqual(['node', 'artillery', 'artillery-plugin-race']);
    expect(arms).toMatchObject([
      { name: 'ours-http1', target: 'node', contenders: 10, missing: 0, exitCode: 3 },
      { name: 'stock', target: 'node', contenders: 10, missing: 0, exitCode: 0 },
    ]);
    const [ours, stock] = arms;
    expect(ours?.spreadMs?.median).toBeLessThan(stock?.spreadMs?.median ?? 0);
    expect(ours?.detection.at(-1)).toMatchObject({ windowMs: 5, rounds: 2, caught: 2 });
  });
});
