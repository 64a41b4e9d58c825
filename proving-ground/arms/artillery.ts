import fs from 'node:fs';
import path from 'node:path';
import { runNode } from '../../bench/processes.ts';
import type { Race } from '../race.ts';
import { HEADERS, orderBody } from './order.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Longer than any race takes: 16 rounds in which nobody answers. */
const RUN_MS = 300_000;

/**
 * Runs Artillery on the race: all contenders in one phase, seat after seat.
 *
 * @param config what an arm adds to its configuration
 * @param marked what an arm adds to the request that books
 */
export async function runArtillery(
  race: Race,
  dir: string,
  config: Readonly<Record<string, unknown>>,
  marked: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly exitCode: number; readonly said: string; readonly output: string }> {
  const file = path.join(dir, 'race.json');
  const output = path.join(dir, 'output');
  fs.writeFileSync(file, JSON.stringify(scriptOf(race, config, marked)));
  const { code, said } = await runNode([path.join(root, 'node_modules/artillery/bin/run'), 'run', '--quiet', file], {
    cwd: dir,
    env: { ARTILLERY_DISABLE_TELEMETRY: 'true', ORDER_OUTPUT_DIR: output },
    timeoutMs: RUN_MS,
  });
  return { exitCode: code ?? 1, said, output };
}

function scriptOf(race: Race, config: Readonly<Record<string, unknown>>, marked: Readonly<Record<string, unknown>>) {
  return {
    config: {
      target: race.url,
      http: { timeout: race.patienceMs / 1000 },
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
            ...(race.pairs ? { beforeRequest: 'inAnyOrder' } : {}),
            ...(Object.keys(marked).length > 0 ? { ...marked, race: order[0] } : {}),
          },
        })),
      },
    ],
  };
}
