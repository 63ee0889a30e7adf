// Format, lint, types, dead code, in that order. Says nothing when all is well, and everything about what is not.
import { spawnSync } from 'node:child_process';

const CHECKS = {
  format: ['biome', 'format', '--error-on-warnings', '.'],
  lint: ['oxlint', '--deny-warnings'],
  types: ['tsc', '-p', 'tsconfig.json'],
  unused: ['knip', '--no-progress'],
};

const failed = Object.entries(CHECKS).filter(([name, [program, ...words]]) => {
  const done = spawnSync(`node_modules/.bin/${program}`, words, { encoding: 'utf8', cwd: `${import.meta.dirname}/..` });
  if (done.status === 0) return false;
  console.error(`${name}: ${program} ${words.join(' ')}\n${done.stdout ?? ''}${done.stderr ?? done.error?.message}`);
  return true;
});

if (failed.length > 0) {
  console.error(`not well: ${failed.map(([name]) => name).join(', ')}`);
  process.exitCode = 1;
}
