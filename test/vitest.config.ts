import { defineConfig } from 'vitest/config';

// `npm test` runs everything but what takes minutes: `npm run test:crash`, `test:stories` and `test:faults`.
// A test that fails now and then is a defect, of the program or of itself: none is run again here. A machine of CI, which
// others share, may be out of breath for a moment; what fails twice there is a defect.
const shared = {
  retry: process.env['CI'] === undefined ? 0 : 1,
  dir: 'test',
  pool: 'forks',
  testTimeout: 120_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 60_000 } },
} as const;

/** They start many programs that fail, are killed, or find what was damaged. */
const MANY_ENDS = [
  'faults/{dpkg-faults,errno-faults,signals,at-once}.test.ts',
  'operations/{damaged-root,lost-formats}.test.ts',
  'data/purge-again.test.ts',
  'transaction/kill-matrix.test.ts',
];

/** They wait for a systemd that boots, a runit that looks every few seconds, a proxy that lets old requests end, or Erlang. */
const REAL_WORLD = [
  'service/{systemd,systemd-changes,runit,real-servers}.test.ts',
  'traffic/{replace-behind-*,preview,drain,maintenance}.test.ts',
  'hooks/control-{erlang,upgrade}.test.ts',
];

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
          exclude: ['crash/**', 'stories/**', 'faults/long/**', ...MANY_ENDS, ...REAL_WORLD],
        },
      },
      { test: { ...shared, name: 'crash', include: ['crash/**/*.test.ts', ...MANY_ENDS], testTimeout: 1_800_000 } },
      { test: { ...shared, name: 'stories', include: ['stories/**/*.test.ts', ...REAL_WORLD], testTimeout: 300_000 } },
      { test: { ...shared, name: 'faults', include: ['faults/long/**/*.test.ts'], testTimeout: 3_600_000 } },
    ],
  },
});
