// node --import ./bench/arms/peak-memory.mjs …
//
// When the process exits, writes the peak of the resident memory (KiB) to the file named by BENCH_PEAK_MEMORY. Reads /proc,
// because getrusage includes the memory that the process had before it started this program.

import { readFileSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const { BENCH_PEAK_MEMORY: file, BENCH_PEAK_MEMORY_OF: part = '' } = process.env;
// A script starts other processes, and they hear of the file too.
if (isMainThread && file !== undefined && process.argv[1]?.includes(part)) {
  process.on('exit', () => {
    const kib = /VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kib !== undefined) writeFileSync(file, kib);
  });
}
