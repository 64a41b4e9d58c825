import { defineConfig } from 'vitest/config';

/** `npm run test:install`: packs the plugin and installs it with each package manager, as docs/your-suite.md prints it. */
export default defineConfig({
  test: {
    globalSetup: ['tests/support/temporary-files.ts'],
    include: ['tests/install/*.install.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 1,
  },
});
