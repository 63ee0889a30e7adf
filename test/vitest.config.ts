import { defineConfig } from 'vitest/config';

// `npm test` runs everything but the crash tests, which take minutes: `npm run test:crash`.
const shared = { dir: 'test', pool: 'forks', testTimeout: 60_000, hookTimeout: 120_000 } as const;

export default defineConfig({
  test: {
    maxWorkers: 3,
    coverage: { include: ['src/**'], reportsDirectory: 'coverage' },
    projects: [
      { test: { ...shared, name: 'pkg', include: ['**/*.test.ts'], exclude: ['crash/**'] } },
      { test: { ...shared, name: 'crash', include: ['crash/**/*.test.ts'], testTimeout: 600_000 } },
    ],
  },
});
