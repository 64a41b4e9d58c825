import fs from 'node:fs';
import path from 'node:path';
import { runNode } from '../../bench/processes.ts';
import type { Race } from '../race.ts';
import { ARM_TIMEOUT_MS } from './arm.ts';
import { HEADERS, orderBody } from './order.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** What an arm adds to the script that all Artillery arms share. */
interface Additions {
  readonly config: Readonly<Record<string, unknown>>;
  /** Whether the booking request carries the plugin's `race` line. */
  readonly isMarked?: boolean;
}

/**
 * Runs Artillery on the race: all contenders arrive in one phase and go for one seat after the other.
 *
 * @returns the exit code, what Artillery printed, and the folder for the files of the plugin
 */
export async function runArtillery(
  race: Race,
  dir: string,
  additions: Additions,
): Promise<{ readonly exitCode: number; readonly output: string; readonly outputDir: string }> {
  const script = path.join(dir, 'race.json');
  const outputDir = path.join(dir, 'output');
  fs.writeFileSync(script, JSON.stringify(scriptOf(race, additions)));
  const { code, output } = await runNode(
    [path.join(root, 'node_modules/artillery/bin/run'), 'run', '--quiet', script],
    {
      cwd: dir,
      env: { ARTILLERY_DISABLE_TELEMETRY: 'true' },
      timeoutMs: ARM_TIMEOUT_MS,
    },
  );
  return { exitCode: code ?? 1, output, outputDir };
}

const scriptOf = (race: Race, { config, isMarked = false }: Additions) => ({
  config: {
    target: race.url,
    http: { timeout: race.timeoutMs / 1000 },
    phases: [{ duration: 1, arrivalCount: race.contenders }],
    ...(race.pairs ? { processor: path.join(import.meta.dirname, 'pairs.mts') } : {}),
    ...config,
  },
  scenarios: [
    {
      flow: race.orders.map((order) => ({
        post: {
          url: '{{ target }}',
          headers: HEADERS,
          json: orderBody(order),
          ...(race.pairs ? { beforeRequest: 'reverseSeatsForHalf' } : {}),
          ...(isMarked ? { race: order[0] } : {}),
        },
      })),
    },
  ],
});
