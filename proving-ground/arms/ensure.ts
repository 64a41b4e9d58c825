import type { Arm } from './arm.ts';
import { runArtillery } from './artillery.ts';

/** Artillery without the plugin, with `ensure` on totals: a 201 for each unit, and an answer for each request. */
export const ensure: Arm = {
  id: 'ensure',
  title: 'Artillery, `ensure`',
  run: async (race, dir) => {
    const sold = race.orders.length * race.capacity;
    const requests = race.orders.length * race.contenders;
    const expression = `http.codes.201 == ${sold} and http.responses == ${requests}`;
    const { exitCode } = await runArtillery(race, dir, {
      config: { plugins: { ensure: {} }, ensure: { conditions: [{ expression, strict: true }] } },
    });
    return exitCode === 0
      ? { exitCode, verdict: 'pass', findings: [], caught: 0 }
      : { exitCode, verdict: 'fail', findings: ['totals'], caught: 0 };
  },
};
