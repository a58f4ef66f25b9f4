import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    environment: 'node',
    globalSetup: ['./test/left-behind.ts'],
    setupFiles: ['./test/drawn.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // A law of a thousand cases on a machine that is busy with something else: slow is not wrong (speed is measured in bench/).
    testTimeout: 90_000,
    hookTimeout: 60_000,
    reporters: process.env['CI'] === 'true' ? ['default', './test/plain-summary.ts'] : ['default'],
  },
});
