import type { VerdictFile } from '../../reports/index.ts';
import type { Race } from '../race.ts';
import { verdictIn } from '../verdict.ts';
import type { Arm } from './arm.ts';
import { runArtillery } from './artillery.ts';

/** Artillery with this plugin. */
export const plugin: Arm = {
  id: 'plugin',
  title: 'this plugin',
  run: async (race, dir) => {
    const { exitCode, output, outputDir } = await runArtillery(race, dir, {
      config: { plugins: { race: settingsOf(race) } },
      isMarked: true,
    });
    const verdict = verdictIn(outputDir);
    if (verdict === undefined) throw new Error(`no verdict; Artillery exited with ${exitCode}:\n${output}`);
    return {
      exitCode,
      verdict: verdict.verdict,
      findings: [...new Set(verdict.findings.map(({ id }) => id))],
      caught: wrongRounds(verdict).size,
      spreadMs: verdict.contention.medianSpreadMs,
    };
  },
};

/** The default of the plugin's `readBack.timeoutMs`. */
const READ_BACK_TIMEOUT_MS = 5000;

const settingsOf = ({ orders, capacity, timeoutMs }: Race) => ({
  inventories: orders.map(([key]) => ({ key, capacity })),
  attempt: { timeoutMs },
  // A server that stops answering does not answer the read-back either, so the race need not wait for it.
  readBack: { path: '/seats/{seatId}', ...(timeoutMs < READ_BACK_TIMEOUT_MS ? { timeoutMs, retries: 0 } : {}) },
  console: { quiet: true },
});

/** The rounds that findings name. `server-error` is about the whole run, so it counts the rounds with `info` attempts. */
function wrongRounds({ findings, rounds }: VerdictFile): Set<number> {
  const named = findings.flatMap(({ round }) => round ?? []);
  const broken = findings.some(({ id }) => id === 'server-error')
    ? rounds.filter(({ info }) => info > 0).map(({ number }) => number)
    : [];
  return new Set([...named, ...broken]);
}
