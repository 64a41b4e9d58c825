import type { Arm } from './arm.ts';
import { outcomeOf, runProgram } from './program.ts';

/** A script of thirty lines: `Promise.all` of `fetch`, which counts the successes of each seat. */
export const promiseAll: Arm = {
  id: 'promise-all',
  title: '`Promise.all`',
  run: async (race, dir) => outcomeOf(race, await runProgram('promise-all-script.ts', race, dir), 'count'),
};
