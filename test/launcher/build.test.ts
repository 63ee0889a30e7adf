import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { needsOldNode, oldNode } from './old-node.ts';

const TOP = join(import.meta.dirname, '../..');
const work = mkdtempSync(join(tmpdir(), 'pkg-build-'));
const checkout = join(work, 'checkout');
const dist = join(checkout, 'dist');

/** As much of a checkout as an installed package has, with a Node beside it as the packages of a checkout bring one. */
beforeAll(() => {
  mkdirSync(join(checkout, 'node_modules/node/bin'), { recursive: true });
  symlinkSync(process.execPath, join(checkout, 'node_modules/node/bin/node'));
  copyFileSync(join(TOP, 'package.json'), join(checkout, 'package.json'));
  const { status, stderr } = build(TOP, dist);
  if (status !== 0) throw new Error(stderr);
});

afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('the build', () => {
  test('gives the same bytes twice', () => {
    build(TOP, join(work, 'again'));
    expect(digests(join(work, 'again'))).toEqual(digests(dist));
  });

  test('carries the ready-made hooks, ready to run', () => {
    const names = readdirSync(join(TOP, 'hooks'));
    expect(readdirSync(join(dist, 'hooks'))).toEqual(names);
    // What has an ending goes along with a program: a module it imports, a script it hands on, a page.
    const isProgram = (name: string) => !name.includes('.');
    expect(names.map((name) => statSync(join(dist, 'hooks', name)).mode & 0o777)).toEqual(
      names.map((name) => (isProgram(name) ? 0o755 : 0o644)),
    );
    expect(names.filter(isProgram).length).toBeGreaterThan(20);
  });

  test('loads no more of Node than it uses: no chunk imports a module of it, which would look at all of it', () => {
    const chunks = readdirSync(dist).filter((name) => name.endsWith('.mjs'));
    const importing = chunks.filter((name) => /from ?"node:/.test(readFileSync(join(dist, name), 'utf8')));
    expect(importing).toEqual([]);
  });

  test('loads for a look neither a file per module nor what Node has for starting others, for sums and for the network', () => {
    const preload = join(work, 'tell-loaded.cjs');
    writeFileSync(preload, "process.on('exit', () => require('fs').writeSync(2, process.moduleLoadList.join(';')));");
    const words = ['-r', preload, join(dist, 'pkg.js'), '--root', join(work, 'root'), 'list'];
    const loaded = spawnSync(process.execPath, words, { encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] }).stderr;
    expect(loaded).toContain('NativeModule fs');
    expect(loaded).not.toMatch(/NativeModule (child_process|crypto|http|zlib)\b/);
    expect(loadedBy('main.mjs').length).toBeLessThan(20);
  });

  test.each(['./no-such-file.ts', 'no-such-package'])(
    'that cannot bring along %s fails, and leaves the program as it was',
    (missing) => {
      const broken = mkdtempSync(join(work, 'broken-'));
      cpSync(join(TOP, 'src'), join(broken, 'src'), { recursive: true });
      writeFileSync(join(broken, 'src/main.ts'), `import { nothing } from '${missing}';\nnothing();\n`);
      mkdirSync(join(broken, 'dist'));
      writeFileSync(join(broken, 'dist/pkg.js'), 'as it was');
      const { status, stderr } = build(broken, join(broken, 'dist'));
      expect(status).toBe(1);
      expect(stderr).toContain(missing);
      expect(readFileSync(join(broken, 'dist/pkg.js'), 'utf8')).toBe('as it was');
      expect(readdirSync(broken).toSorted()).toEqual(['dist', 'src']);
    },
  );

  test('sweeps up after a build that was killed', () => {
    const killed = join(work, `.again-${deadProcess()}-new`);
    mkdirSync(killed);
    build(TOP, join(work, 'again'));
    expect(existsSync(killed)).toBe(false);
  });
});

describe('the package', () => {
  test('holds the program and its hooks, and no sources', () => {
    const packed = npm('pack', '--dry-run', '--json', '--ignore-scripts');
    const [{ files }] = JSON.parse(packed) as [{ readonly files: readonly { readonly path: string }[] }];
    const paths = files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['dist/pkg.js', 'dist/main.mjs', 'dist/index.mjs', 'dist/hooks/create-user']),
    );
    expect(paths.filter((path) => !path.startsWith('dist/'))).toEqual(['package.json']);
  });

  test('is a library too', () => {
    const says = "import('pkg').then((library) => console.log(typeof library.build, typeof library.change))";
    expect(execFileSync(process.execPath, ['-e', says], { cwd: checkout, encoding: 'utf8' })).toBe(
      'function function\n',
    );
  });
});

describe('installed with `npm install -g .`', () => {
  needsOldNode();

  test('pkg works, also where the Node of the machine is old', () => {
    const prefix = join(work, 'prefix');
    npm('install', '-g', '.', '--prefix', prefix, '--offline', '--ignore-scripts');
    const pkg = join(prefix, 'bin/pkg');
    const { version } = JSON.parse(readFileSync(join(TOP, 'package.json'), 'utf8')) as { readonly version: string };
    expect(execFileSync(oldNode, [pkg, '--version'], { encoding: 'utf8' })).toBe(`${version}\n`);
    const { status, stdout } = spawnSync(oldNode, [pkg, 'list', '--json', '--root', join(work, 'root')], {
      encoding: 'utf8',
    });
    expect({ status, list: JSON.parse(stdout) }).toMatchObject({ status: 0, list: { generation: null, bundles: [] } });
  });
});

function build(from: string, to: string) {
  return spawnSync(process.execPath, [join(TOP, '.ci/build.mjs'), from, to], { encoding: 'utf8' });
}

function npm(...words: readonly string[]): string {
  return execFileSync('npm', words, { cwd: checkout, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

function digests(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  const plain = files.filter((file) => statSync(join(folder, file)).isFile());
  return Object.fromEntries(
    plain.map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex'),
    ]),
  );
}

/** The files of the program that come with one of them. */
function loadedBy(first: string): readonly string[] {
  const found = new Set([first]);
  for (const file of found) {
    for (const [, next = ''] of readFileSync(join(dist, file), 'utf8').matchAll(/(?:from|import) ?"\.\/([^"]+)"/g)) {
      found.add(next);
    }
  }
  return [...found];
}

/** The number of a process that is no more. */
function deadProcess(): number {
  return spawnSync('true').pid;
}
