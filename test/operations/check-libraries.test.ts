import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { has, needs } from '../support/needs.ts';
import { type Wish, type Workbench, workbench } from '../support/pkg.ts';

const made = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-libraries-'));

/** `program` needs V2 of libv.so.1, which `new` has and `old` has not. */
beforeAll(() => {
  if (!has('gcc')) return;
  const put = (file: string, text: string) => fs.writeFileSync(path.join(made, file), text);
  const gcc = (...words: readonly string[]) => execFileSync('gcc', words, { cwd: made });
  const library = (folder: string) => {
    fs.mkdirSync(path.join(made, folder));
    const words = ['-shared', '-fPIC', '-Wl,-soname,libv.so.1', `-Wl,--version-script=${folder}.map`];
    gcc(...words, `${folder}.c`, '-o', `${folder}/libv.so.1`);
  };
  put('old.c', 'int one(void) { return 1; }');
  put('old.map', 'V1 { global: one; local: *; };');
  put('new.c', 'int one(void) { return 1; } int two(void) { return 2; }');
  put('new.map', 'V1 { global: one; local: *; }; V2 { global: two; } V1;');
  put('program.c', 'int two(void); int main(void) { return two() - 2; }');
  library('old');
  library('new');
  gcc('program.c', 'new/libv.so.1', '-o', 'program');
  put('optional.c', 'int two(void) __attribute__((weak)); int main(void) { return two ? two() - 2 : 0; }');
  gcc('-Wl,--no-as-needed', 'optional.c', 'new/libv.so.1', '-o', 'optional');
  makeOptional(path.join(made, 'optional'));
});

afterAll(() => fs.rmSync(made, { recursive: true }));

/** Sets VER_FLG_WEAK where a program needs V2: hash of the name, flags, number. */
function makeOptional(program: string): void {
  const bytes = fs.readFileSync(program);
  const at = bytes.indexOf(Buffer.from([0x92, 5, 0, 0, 0, 0, 3, 0]));
  bytes[at + 4] = 2;
  fs.writeFileSync(program, bytes);
}

/** Builds a bundle of files that were compiled. */
async function compiled(t: Workbench, name: string, files: Readonly<Record<string, string>>, wish: Wish = {}) {
  const folder = t.source(name, '1.0.0', wish);
  for (const [file, from] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.copyFileSync(path.join(made, from), path.join(folder, file));
  }
  return (await t.ok('build', folder, '-o', t.home)).out.trim();
}

const PROGRAM = { 'bin/program': 'program' };
const LIBRARY = { 'lib/libv.so.1': 'new/libv.so.1' };
const bin = (name: string) => ({ [name]: 'bin/program' });
const withLibraries = (text: string) => ({ env: { LD_LIBRARY_PATH: text } });

describe('the libraries of a compiled program', () => {
  needs('gcc');

  test('may be those of a bundle it depends on, or of one that depends on it, and of no other', async () => {
    const t = workbench();
    await t.ok('install', '-y', await compiled(t, 'private', LIBRARY, withLibraries('${bundle}/lib')));
    const alone = await compiled(t, 'alone', PROGRAM, { bin: bin('alone') });
    expect((await t.pkg('install', '-y', '--json', alone)).error.message).toBe(
      'alone 1.0.0 cannot run here: bin/program: its library libv.so.1 does not exist here',
    );
    const above = await compiled(t, 'above', PROGRAM, { bin: bin('above'), depends: { private: '*' } });
    await t.ok('install', '-y', above);
    expect((await t.ok('exec', '--', 'above')).exit).toBe(0);

    const older = await t.bundle('below', '0.9.0');
    const starter = await compiled(t, 'starter', LIBRARY, {
      depends: { below: '*' },
      ...withLibraries('${bundle}/lib'),
    });
    await t.ok('install', '-y', older, starter);
    await t.ok('install', '-y', await compiled(t, 'below', PROGRAM, { bin: bin('below') }));
    expect((await t.ok('exec', '--', 'below')).exit).toBe(0);
  });

  test('are not looked for where the way to them is known only later', async () => {
    const t = workbench();
    const settings = { home: { type: 'string', default: made } };
    const checks = [{ name: 'runs', run: ['bin/program'] }];
    const found = { settings, checks, ...withLibraries('${setting.home}/new') };
    await t.ok('install', '-y', await compiled(t, 'found', PROGRAM, found));
    const places = ['${data}/lib', '${root}/lib', '/lib/${version}', 'lib', '$ORIGIN/../lib'];
    const bundles = places.map((place, at) =>
      compiled(t, `later${at}`, PROGRAM, { bin: bin(`later${at}`), ...withLibraries(place) }),
    );
    await t.ok('install', '-y', ...(await Promise.all(bundles)));
    expect(await t.installed()).toHaveLength(1 + places.length);
  });

  test('must have the versions of symbols that the program needs', async () => {
    const t = workbench();
    const old = await compiled(t, 'app', PROGRAM, { bin: bin('app'), ...withLibraries(`${made}/old`) });
    expect((await t.pkg('install', '-y', '--json', old)).error.message).toBe(
      'app 1.0.0 cannot run here: bin/program: its library libv.so.1 has no version V2 here',
    );
    const checks = [{ name: 'runs', run: ['bin/program'] }];
    const dated = await t.bundle('dated', '1.0.0', withLibraries(`${made}/old`));
    const depends = { dated: '*' };
    const wish = { checks, depends, ...withLibraries(`${made}/new`) };
    await t.ok('install', '-y', dated, await compiled(t, 'current', PROGRAM, wish));
    const optional = { 'bin/program': 'optional' };
    await t.ok('install', '-y', await compiled(t, 'optional', optional, { checks, ...withLibraries(`${made}/old`) }));

    fs.mkdirSync(`${t.home}/first`);
    const comes = await compiled(t, 'comes', LIBRARY, { links: { [`${t.home}/first/libv.so.1`]: 'lib/libv.so.1' } });
    const after = [{ name: 'runs', run: ['bin/program'], when: ['switched'] }];
    const late = { checks: after, ...withLibraries(`${t.home}/first:${made}/old`) };
    await t.ok('install', '-y', comes, await compiled(t, 'late', PROGRAM, late));

    fs.mkdirSync(`${t.home}/second`);
    const links = { [`${t.home}/second/libv.so.1`]: 'lib/v' };
    const linked = await compiled(t, 'linked', { 'lib/v': 'new/libv.so.1' }, { links });
    const found = { checks: after, ...withLibraries(`${t.home}/second`) };
    await t.ok('install', '-y', linked, await compiled(t, 'led', PROGRAM, found));
  });
});
