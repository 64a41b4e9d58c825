import { defineConfig } from 'vitest/config';

/** `npm run test:recipes`: each file of examples/races, against a right server and a wrong one. */
export default defineConfig({
  test: {
    globalSetup: ['tests/support/temporary-files.ts'],
    include: ['tests/recipes/**/*.recipe.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A race that lacks CPU is a weak race, and may try again.
    maxWorkers: 1,
    maxConcurrency: 2,
    retry: 1,
  },
});
