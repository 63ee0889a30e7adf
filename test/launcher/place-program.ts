import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';

const LAUNCHER = join(import.meta.dirname, '../../src/launcher/pkg.js');

/** Says what it was given, and ends as it is told to: with a code, by a signal, or when a signal comes. */
const PROGRAM = `
if (process.argv[2] === 'wait') {
  const stay = setTimeout(() => {}, 30_000);
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGCONT']) process.on(signal, () => console.log(signal));
  process.on('SIGTERM', () => clearTimeout(stay));
}
const { pid, ppid } = process;
console.log(JSON.stringify({ words: process.argv.slice(2), node: process.versions.node, pid, ppid }));
if (process.argv[2] === 'exit') process.exitCode = Number(process.argv[3]);
if (process.argv[2] === 'die') process.kill(pid, process.argv[3]);
`;

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The launcher with a small program, as `dist` has them, and this Node at some places below the top. */
export function placeProgram(...nodes: readonly string[]): { readonly top: string; readonly launcher: string } {
  const top = mkdtempSync(join(tmpdir(), 'pkg-launcher-'));
  made.push(top);
  const launcher = join(top, 'dist/pkg.js');
  mkdirSync(join(top, 'dist'));
  copyFileSync(LAUNCHER, launcher);
  writeFileSync(join(top, 'dist/package.json'), '{ "type": "commonjs" }');
  writeFileSync(join(top, 'dist/main.mjs'), PROGRAM);
  for (const node of nodes) {
    mkdirSync(dirname(join(top, node)), { recursive: true });
    symlinkSync(process.execPath, join(top, node));
  }
  return { top, launcher };
}
