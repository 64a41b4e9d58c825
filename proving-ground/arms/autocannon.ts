import { installOnDemand } from '../on-demand.ts';
import type { Arm } from './arm.ts';
import { runProgram } from './program.ts';

const VERSION = '9.0.0';

/**
 * autocannon, one run for each seat. It has no notion of a right answer, and exits with 0 whatever came; `fail` means that
 * somebody who compares its number of 2xx with the number of units, seat by seat, would see it.
 */
export const autocannon: Arm = {
  id: 'autocannon',
  title: 'autocannon',
  run: async (race, dir) => {
    const folder = await installOnDemand('autocannon', VERSION);
    const { exitCode, winners } = await runProgram('autocannon-script.ts', race, dir, folder);
    const caught = winners.filter((count) => count !== race.capacity).length;
    return { exitCode, verdict: caught === 0 ? 'pass' : 'fail', findings: caught === 0 ? [] : ['by eye'], caught };
  },
};
