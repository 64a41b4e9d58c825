import { defineConfig } from 'vitest/config';

/** Separate from the other tests, because each file takes a minute: `npm run fuzz`. */
export default defineConfig({
  test: {
    include: ['tests/fuzz/**/*.fuzz.ts'],
    setupFiles: ['tests/fuzz/support/watchdog.ts'],
    // All at once: a minute, whatever there is of CPU.
    maxWorkers: 6,
    // What grows without bound ends the process, which is a failure.
    execArgv: ['--max-old-space-size=1024'],
    // The watchdog looks for what hangs, and goes by CPU: beside races there may be little of it.
    testTimeout: 0,
  },
});
