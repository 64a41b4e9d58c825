import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['tests/{judging,model}/**/*.test.ts'] } });
