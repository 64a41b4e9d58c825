import { defineConfig } from 'vitest/config';

/** Tests that start processes: real Artillery, the script, the commands, servers, set-ups. */
const STARTS_PROCESSES = [
  'tests/e2e/**/*.test.ts',
  'tests/artillery/{databases,package}.test.ts',
  'tests/cli/{run-order-race-test,run,setup,sign-in-check}.test.ts',
  'tests/proving-ground/{detection,servers}.test.ts',
  'tests/reference-api/locks.test.ts',
  'tests/reference-api/main.test.ts',
];

/**
 * Slow tests that run in CI alone, so that `npm test` takes at most five minutes: comparisons with stock Artillery, servers of
 * all temperaments, interruptions, both protocols, real databases, several machines. See tests/exhaustive.config.ts.
 */
export const EXHAUSTIVE = [
  'tests/e2e/{action,ci-examples,editor,guest,init,init-formats,interruptions,machines,misspellings,odd-suites,probe}.test.ts',
  'tests/e2e/{raced-again,repeat,scenario-pack,scenarios,suites-by-path,survives,survives-http2,temperaments,terminal}.test.ts',
  'tests/e2e/{threads,traces,verbs,wire}.test.ts',
  'tests/artillery/databases.test.ts',
  'tests/meet/meeting.test.ts',
  'tests/proving-ground/detection.test.ts',
];

/** `npm test` is both projects, one after the other; `npm run test:units` takes seconds. */
export default defineConfig({
  test: {
    globalSetup: ['tests/support/temporary-files.ts'],
    // GitHub's parser of workflows imports JSON as bundlers do, and Node does not.
    server: { deps: { inline: [/@actions\//] } },
    projects: [
      {
        extends: true,
        test: {
          name: 'units',
          include: ['tests/**/*.test.ts'],
          exclude: [...STARTS_PROCESSES, ...EXHAUSTIVE],
          // As many workers as the two cores of a small machine; Vitest would leave one of them idle.
          maxWorkers: 2,
          // The files of a worker share their modules, which halves the CPU; each puts back what it changes.
          isolate: false,
          unstubEnvs: true,
          // Finds what hangs. How fast something is, is no claim of a test.
          testTimeout: 60_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'races',
          include: STARTS_PROCESSES,
          exclude: EXHAUSTIVE,
          // The processes in which suites are run (tests/support/warm-artillery) serve all files.
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // One file after the other, and few tests of a file at once: a race that lacks CPU is a weak race. It may try again.
          maxWorkers: 1,
          maxConcurrency: 3,
          retry: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
