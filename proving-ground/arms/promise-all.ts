import type { Arm } from './arm.ts';
import { runProgram } from './program.ts';

/** A script of thirty lines: `Promise.all` of `fetch`, which counts the successes of each seat. */
export const promiseAll: Arm = {
  id: 'promise-all',
  title: '`Promise.all`',
  run: async (race, dir) => {
    const { exitCode, winners } = await runProgram('promise-all-script.ts', race, dir);
    const caught = winners.filter((count) => count !== race.capacity).length;
    return { exitCode, verdict: caught === 0 ? 'pass' : 'fail', findings: caught === 0 ? [] : ['count'], caught };
  },
};
