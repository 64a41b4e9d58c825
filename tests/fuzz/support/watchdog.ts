import { Worker } from 'node:worker_threads';

/*
 * A parser that hangs would hang its test as well, and nothing could say why. So a thread looks on: where one input takes too
 * much CPU, it ends the process.
 */

/** No input of these sizes takes a hundredth of it. */
const MAX_CPU_S = 30;

const LOOK_ON = `
const { workerData: [runs, maxCpuS] } = require('node:worker_threads');
const cpuS = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
let run = -1;
let since = 0;
setInterval(() => {
  const now = Atomics.load(runs, 0);
  if (now !== run || now === 0) { run = now; since = cpuS(); return; }
  if (cpuS() - since < maxCpuS) return;
  require('node:fs').writeSync(2, 'fuzz: one input takes more than ' + maxCpuS + ' s: see FUZZ_PATH=' + (run - 1) + ' with the seed above\\n');
  process.kill(process.pid, 'SIGKILL');
}, 500);
`;

/** The number of the input that is being tried, from 1 on; 0: none is. */
const runs = new Int32Array(new SharedArrayBuffer(4));
new Worker(LOOK_ON, { eval: true, workerData: [runs, MAX_CPU_S] }).unref();

/** Tells the watchdog which input is tried next. */
export const tries = (run: number): number => Atomics.store(runs, 0, run);
