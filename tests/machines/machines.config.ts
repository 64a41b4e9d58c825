import { defineConfig } from 'vitest/config';

/** `npm run test:machines`: machines that are lost or whose clocks are set, as real processes. They need a Redis or Valkey server. */
export default defineConfig({
  test: {
    globalSetup: ['tests/support/temporary-files.ts'],
    include: ['tests/machines/**/*.machines.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Three processes at once are enough for two cores.
    maxWorkers: 1,
    // The processes in which suites are run (tests/support/warm-artillery) serve all files.
    isolate: false,
    // Three processes that lack CPU may lose each other. So each try meets under a name of its own (`newRun`).
    retry: 1,
  },
});
