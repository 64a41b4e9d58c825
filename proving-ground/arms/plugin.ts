import fs from 'node:fs';
import path from 'node:path';
import type { VerdictFile } from '../../reports/index.ts';
import type { Race } from '../race.ts';
import type { Arm } from './arm.ts';
import { runArtillery } from './artillery.ts';

/** Artillery with this plugin. */
export const plugin: Arm = {
  id: 'plugin',
  title: 'this plugin',
  run: async (race, dir) => {
    const { exitCode, said, output } = await runArtillery(
      race,
      dir,
      { plugins: { race: settingsOf(race) } },
      { race: '' },
    );
    const name = fs.existsSync(output)
      ? fs.readdirSync(output).find((file) => file.endsWith('.verdict.json'))
      : undefined;
    if (name === undefined) throw new Error(`no verdict; Artillery exited with ${exitCode}:\n${said}`);
    const verdict = JSON.parse(fs.readFileSync(path.join(output, name), 'utf8')) as VerdictFile;
    return {
      exitCode,
      verdict: verdict.verdict,
      findings: [...new Set(verdict.findings.map(({ id }) => id))],
      caught: accusedRounds(verdict).size,
      spreadMs: verdict.contention.medianSpreadMs,
    };
  },
};

function settingsOf({ orders, capacity, patienceMs }: Race) {
  return {
    inventories: orders.map(([key]) => ({ key, capacity })),
    attempt: { timeoutMs: patienceMs },
    // Where some never answer, neither will the read-back.
    readBack: { path: '/seats/{seatId}', ...(patienceMs < 5000 ? { timeoutMs: patienceMs, retries: 0 } : {}) },
    console: { quiet: true },
  };
}

/** Those that a finding names, and those of the witnesses of findings about the whole run. */
function accusedRounds({ findings, rounds }: VerdictFile): Set<number> {
  const named = findings.flatMap(({ round }) => round ?? []);
  const broken = findings.some(({ id }) => id === 'server-error')
    ? rounds.filter(({ info }) => info > 0).map(({ number }) => number)
    : [];
  return new Set([...named, ...broken]);
}
