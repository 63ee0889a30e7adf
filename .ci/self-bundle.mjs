// Packs pkg itself with the Node it runs on into pkg-VERSION.tgz: the way to a machine that has no Node.
//   node .ci/self-bundle.mjs OUT_DIR
// There: mkdir pkg && tar xzf pkg-VERSION.tgz -C pkg && pkg/bin/pkg install pkg-VERSION.tgz
import { execFileSync } from 'node:child_process';
import { constants, copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const checkout = join(import.meta.dirname, '..');
const outDir = resolve(process.argv[2] ?? '.');
const folder = mkdtempSync(join(tmpdir(), 'pkg-self-'));
try {
  cpSync(join(checkout, 'fixtures/pkg'), folder, { recursive: true });
  cpSync(join(checkout, 'dist'), join(folder, 'dist'), { recursive: true });
  for (const file of ['package.json', 'LICENSE']) copyFileSync(join(checkout, file), join(folder, file));
  copyFileSync(process.execPath, join(folder, 'bin/node'), constants.COPYFILE_FICLONE);
  const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
  const manifest = join(folder, 'bundle.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"0.0.0"', JSON.stringify(version)));
  const words = [join(checkout, 'dist/pkg.js'), 'build', folder, '-o', outDir];
  execFileSync(process.execPath, words, { stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
