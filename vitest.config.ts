import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    reporters: process.env['CI'] === 'true' ? ['default', './test/plain-summary.ts'] : ['default'],
  },
});
