import { defineConfig } from 'vitest/config';

// `npm test` runs everything but what takes minutes: `npm run test:crash`, `test:stories` and `test:faults`.
// A machine that others share may be out of breath for a moment; what fails twice more is a defect.
const retry = process.env['CI'] === undefined ? 0 : 2;
const shared = {
  retry,
  dir: 'test',
  pool: 'forks',
  testTimeout: 60_000,
  hookTimeout: 120_000,
} as const;

export default defineConfig({
  test: {
    maxWorkers: 3,
    coverage: { include: ['src/**'], reportsDirectory: 'coverage' },
    projects: [
      {
        test: {
          ...shared,
          name: 'pkg',
          include: ['**/*.test.ts'],
          exclude: ['crash/**', 'stories/**', 'faults/long/**'],
        },
      },
      { test: { ...shared, name: 'crash', include: ['crash/**/*.test.ts'], testTimeout: 600_000 } },
      { test: { ...shared, name: 'stories', include: ['stories/**/*.test.ts'], testTimeout: 300_000 } },
      { test: { ...shared, name: 'faults', include: ['faults/long/**/*.test.ts'], testTimeout: 3_600_000 } },
    ],
  },
});
