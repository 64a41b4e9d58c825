import { installOnDemand } from '../on-demand.ts';
import type { Arm } from './arm.ts';
import { outcomeOf, runProgram } from './program.ts';

const VERSION = '9.0.0';

/**
 * autocannon, one run for each seat. It does not know which answer is right and always exits with 0. `fail` means that a
 * person who compares the number of 2xx with the number of units, seat by seat, would notice the difference.
 */
export const autocannon: Arm = {
  id: 'autocannon',
  title: 'autocannon',
  run: async (race, dir) => {
    const folder = await installOnDemand('autocannon', VERSION);
    return outcomeOf(race, await runProgram('autocannon-script.ts', race, dir, folder), 'by eye');
  },
};
