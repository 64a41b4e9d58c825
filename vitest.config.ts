import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // End-to-end tests are real races: two cores take no more than a few at once, and one file after the other.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 1,
    maxConcurrency: 3,
    // GitHub's parser of workflows imports JSON as bundlers do, and Node does not.
    server: { deps: { inline: [/@actions\//] } },
  },
});
