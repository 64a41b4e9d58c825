import type { Arm } from './arm.ts';
import { runArtillery } from './artillery.ts';

/** Artillery as it is, with `ensure`: as many 201 as there is to sell, and as many answers as requests. */
export const ensure: Arm = {
  id: 'ensure',
  title: 'Artillery, `ensure`',
  run: async (race, dir) => {
    const sold = race.orders.length * race.capacity;
    const requests = race.orders.length * race.contenders;
    const expression = `http.codes.201 == ${sold} and http.responses == ${requests}`;
    const { exitCode } = await runArtillery(race, dir, {
      plugins: { ensure: {} },
      ensure: { conditions: [{ expression, strict: true }] },
    });
    return exitCode === 0
      ? { exitCode, verdict: 'pass', findings: [], caught: 0 }
      : { exitCode, verdict: 'fail', findings: ['totals'], caught: 0 };
  },
};
