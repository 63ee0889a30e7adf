import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { workbench } from '../support/pkg.ts';

const script = (interpreter: string) => `#!${interpreter}\nexit 0\n`;

test('a program without its interpreter is found before anything is touched, and can be accepted by name', async () => {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('web', '1.0.0', { hooks: { preinstall: 'exit 0' } }));
  const archive = await t.bundle('web', '2.0.0', {
    files: { 'bin/a': script('/no/such/perl'), 'bin/b': script('/usr/bin/env no-such-perl'), 'lib/link': '-> nowhere' },
    bin: { a: 'bin/a' },
    services: { server: { start: ['bin/b'] } },
    hooks: { preinstall: 'touch "$PKG_ROOT/hook-ran"' },
  });
  const ended = await t.pkg('install', '-y', '--json', archive);
  expect(ended).toMatchObject({
    exit: 7,
    json: { outcome: 'undone', generation: 1 },
    error: {
      code: 'check-failed',
      message: 'web 2.0.0 cannot run here: bin/a: its interpreter /no/such/perl does not exist here (and 2 more)',
    },
  });
  expect(ended.error.details.causes).toEqual([
    { message: 'bin/a: its interpreter /no/such/perl does not exist here' },
    { message: 'bin/b: its interpreter no-such-perl is not in the PATH' },
    { message: 'lib/link: the link leads nowhere' },
  ]);
  expect(t.exists('hook-ran')).toBe(false);
  expect(t.exists('transactions/2')).toBe(false);

  const skipped = await t.pkg('install', '-y', '--json', '--skip-check', 'web/programs', archive);
  expect(skipped.error.code).not.toBe('check-failed');
  expect(t.exists('hook-ran')).toBe(true);
});

test('an interpreter that comes with the same change, or lies in the root, is no reason to refuse', async () => {
  const t = workbench();
  const lang = await t.bundle('lang', '1.0.0', {
    files: { 'bin/lang': '#!/bin/sh\necho run by lang\n' },
    bin: { lang: 'bin/lang' },
    links: { [`${t.home}/lang`]: 'bin/lang' },
  });
  const app = await t.bundle('app', '1.0.0', {
    files: {
      'bin/a': script('/usr/bin/env lang'),
      'bin/b': script(t.at('current/bin/lang')),
      'bin/c': script(`${t.home}/lang`),
    },
    depends: { lang: '*' },
    bin: { a: 'bin/a', b: 'bin/b', c: 'bin/c' },
  });
  await t.ok('install', '-y', app, lang);
  expect((await t.ok('exec', '--', 'a')).out).toBe('run by lang\n');
});

test('what env is told besides the interpreter is not taken for it', async () => {
  const t = workbench();
  const lines = [
    '-S -u NAME sh -e',
    '-S -uNAME sh',
    '-S -i -C / sh',
    '-S -iu NAME sh',
    '-S --unset NAME --chdir / sh',
    '-S --unset=NAME -- sh',
    '-vS -u NAME A=b sh',
    '-S-u NAME sh',
    '-iS -C / sh',
    '--split-string=-u NAME sh',
    '-S "sh" -e',
    '-S sh\\_-e',
    '-S ${HOME}/sh',
    '-S PATH=/somewhere/else own',
    '-S -P /somewhere/else own',
  ];
  const named = lines.map((line, at) => [`bin/a${at}`, script(`/usr/bin/env ${line}`)] as const);
  const bin = Object.fromEntries(named.map(([file]) => [path.basename(file), file]));
  await t.ok('install', '-y', await t.bundle('app', '1.0.0', { files: Object.fromEntries(named), bin }));

  const lacking = await t.bundle('app', '2.0.0', {
    files: { 'bin/a': script('/usr/bin/env -S -u NAME no-such-perl -w') },
    bin: { a: 'bin/a' },
  });
  expect((await t.pkg('install', '-y', '--json', lacking)).error.message).toBe(
    'app 2.0.0 cannot run here: bin/a: its interpreter no-such-perl is not in the PATH',
  );
});

test('a compiled program is asked for its loader and libraries', async () => {
  const t = workbench();
  const compiled = fs.readFileSync('/bin/true', 'latin1');
  const bundle = async (version: string, text: string) => {
    const folder = t.source('tool', version, { files: { 'bin/tool': '#!' }, bin: { tool: 'bin/tool' } });
    fs.writeFileSync(`${folder}/bin/tool`, text, 'latin1');
    return (await t.ok('build', folder, '-o', t.home)).out.trim();
  };
  await t.ok('install', '-y', await bundle('1.0.0', compiled));
  expect((await t.ok('exec', '--', 'tool')).exit).toBe(0);
  const library = compiled.replaceAll('libc.so.', 'libq.so.');
  expect((await t.pkg('install', '-y', '--json', await bundle('2.0.0', library))).error.message).toMatch(
    /^tool 2\.0\.0 cannot run here: bin\/tool: its library libq\.so\.\d does not exist here$/,
  );
  const loader = compiled.replaceAll(/\/ld-linux/g, '/ld-nowher');
  expect((await t.pkg('install', '-y', '--json', await bundle('3.0.0', loader))).error.message).toMatch(
    /its loader \S+\/ld-nowher\S+ does not exist here$/,
  );
  expect(await t.installed()).toEqual(['tool@1.0.0']);
});
