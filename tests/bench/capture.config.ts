import { defineConfig } from 'vitest/config';

/** `npm run test:capture`: the tests that capture packets. They need Linux, tcpdump, and root or CAP_NET_RAW. */
export default defineConfig({
  test: {
    include: ['tests/bench/**/*.capture.ts'],
    testTimeout: 300_000,
    hookTimeout: 60_000,
    maxWorkers: 1,
    // When the scheduler interrupts between reading the clock and the write, the round says nothing about the gate.
    retry: 2,
  },
});
