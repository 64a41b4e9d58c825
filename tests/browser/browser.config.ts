import { defineConfig } from 'vitest/config';

/** Separate from the other tests, because these need Chromium: `npm run test:browser`. */
export default defineConfig({
  test: {
    include: ['tests/browser/**/*.browser.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Chromium works in processes of its own.
    maxWorkers: 2,
  },
});
