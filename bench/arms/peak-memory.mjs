// node --import ./bench/arms/peak-memory.mjs …
//
// Writes the peak resident memory of the process into the file named by BENCH_PEAK_MEMORY when it ends. Of /proc, because
// getrusage counts what the process had before it began to run this program.

import { readFileSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const file = process.env.BENCH_PEAK_MEMORY;
if (isMainThread && file !== undefined) {
  process.on('exit', () => {
    const kib = /VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kib !== undefined) writeFileSync(file, kib);
  });
}
