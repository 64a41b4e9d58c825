import { defineConfig } from 'vitest/config';
import { EXHAUSTIVE } from '../vitest.config.ts';

/** `npm run test:exhaustive`: what takes too long for `npm test`. It needs PostgreSQL, MariaDB and Redis. */
export default defineConfig({
  test: {
    globalSetup: ['tests/support/temporary-files.ts'],
    include: EXHAUSTIVE,
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Half of the time is spent waiting: two files at once. A race that lacks CPU is a weak race, and may try again.
    maxWorkers: 2,
    maxConcurrency: 2,
    retry: 1,
  },
});
