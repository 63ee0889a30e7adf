import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { Stage } from './stage.ts';

describe('check-syntax', () => {
  it('reads scripts, pages and data without running them', async () => {
    await using stage = new Stage();
    stage.inBundle('bin/start', '#!/bin/sh\ntouch ran\n', 0o755);
    stage.inBundle('lib/app.js', 'process.exit(1);\n');
    stage.inBundle('lib/module.mjs', 'export const one = 1;\n');
    stage.inBundle('data.json', '{ "one": 1 }');
    stage.inBundle('README', 'if then fi');
    expect(await stage.run('check-syntax', 'install')).toEqual({ code: 0, says: '4 programs read' });
    expect(await stage.run('check-syntax', 'install')).toEqual({ code: 0, says: '4 programs read' });
  });

  it('names every broken file with its line', async () => {
    await using stage = new Stage();
    stage.inBundle('bin/start', '#!/bin/sh\nif true; then\n', 0o755);
    stage.inBundle('lib/app.js', 'const = 1;\n');
    stage.inBundle('data.json', '{ "one": }');
    const { code, says } = await stage.run('check-syntax', 'install');
    expect(code).toBe(1);
    expect(says).toMatch(/pkg:check-syntax: bin\/start: .*Syntax error: end of file unexpected/);
    expect(says).toMatch(/pkg:check-syntax: lib\/app\.js: SyntaxError/);
    expect(says).toMatch(/pkg:check-syntax: data\.json: SyntaxError/);
    const some = await stage.run('check-syntax', 'install', { SYNTAX_PATHS: 'bin lib', SYNTAX_IGNORE: '^lib/' });
    expect(some.says.split('\n')).toHaveLength(1);
  });

  it('says that an interpreter is missing only where a file needs it', async () => {
    await using stage = new Stage();
    stage.inBundle('app.rb', 'puts 1\n');
    expect(await stage.run('check-syntax', 'install', { PATH: '/nonexistent', PKG_NODE: process.execPath })).toEqual({
      code: 1,
      says: 'pkg:check-syntax: app.rb needs ruby, which is not in PATH',
    });
  });
});

describe('check-syntax on perl', () => {
  needs('prove');

  it('finds what perl -Tcw finds, with the folders it is given', async () => {
    await using stage = new Stage();
    stage.inBundle('lib/Site.pm', 'package Site;\nuse strict;\nsub name { "site" }\n1;\n');
    stage.inBundle('cgi/search', '#!/usr/bin/perl -Tw\nuse Site;\nprint Site::name();\n', 0o755);
    const env = { SYNTAX_PERL: `-Tcw -I${stage.bundle}/lib` };
    expect(await stage.run('check-syntax', 'install', env)).toEqual({ code: 0, says: '2 programs read' });
    stage.inBundle('lib/Site.pm', 'package Site;\nuse strict;\n$undeclared = 1;\n1;\n');
    const { code, says } = await stage.run('check-syntax', 'install', env);
    expect(code).toBe(1);
    expect(says).toContain('lib/Site.pm: Global symbol "$undeclared" requires explicit package name');
  });
});

describe('check-permissions', () => {
  it('is content with a bundle its user can read', async () => {
    await using stage = new Stage();
    stage.inBundle('bin/start', '#!/bin/sh\n', 0o755);
    expect(await stage.run('check-permissions', 'install')).toMatchObject({ code: 0 });
    expect(await stage.run('check-permissions', 'install', { PERMISSIONS_WRITE: stage.data })).toMatchObject({
      code: 0,
    });
  });
});

describe('check-permissions for another user', () => {
  needs('root');

  it('names what the user cannot read, execute or write', async () => {
    await using stage = new Stage();
    chmodSync(stage.top, 0o755);
    const secret = stage.inBundle('etc/secret', 'word', 0o600);
    const start = stage.inBundle('bin/start', '#!/bin/sh\n', 0o744);
    const env = { PERMISSIONS_USER: 'nobody', PERMISSIONS_WRITE: stage.data };
    const { code, says } = await stage.run('check-permissions', 'install', env);
    expect(code).toBe(1);
    expect(says.split('\n')).toEqual([
      `pkg:check-permissions: ${start} cannot be executed by nobody: ${start} is 0744, owner 0:0`,
      `pkg:check-permissions: ${secret} cannot be read by nobody: ${secret} is 0600, owner 0:0`,
      `pkg:check-permissions: ${stage.data} cannot be written by nobody: ${stage.data} is 0755, owner 0:0`,
    ]);
    chmodSync(secret, 0o644);
    chmodSync(start, 0o755);
    chmodSync(stage.data, 0o777);
    expect(await stage.run('check-permissions', 'install', env)).toMatchObject({ code: 0 });
  });

  it('names the folder above that keeps the user out, and that once', async () => {
    await using stage = new Stage();
    for (const name of ['index.html', 'a.css', 'b.css']) stage.inBundle(name, 'page');
    chmodSync(stage.top, 0o700);
    const env = { PERMISSIONS_USER: 'nobody', PERMISSIONS_READ: 'index.html' };
    const { says } = await stage.run('check-permissions', 'install', env);
    const line = `pkg:check-permissions: ${join(stage.bundle, 'index.html')} cannot be read by nobody: ${stage.top} is 0700, owner 0:0`;
    expect(says).toBe(line);
    const all = await stage.run('check-permissions', 'install', { ...env, PERMISSIONS_READ: 'index.html a.css b.css' });
    expect(all.says).toBe(`${line} (and 2 more for the same reason)`);
  });
});

describe('run-tests', () => {
  needs('prove');

  it('runs the tests of the bundle and repeats their sum', async () => {
    await using stage = new Stage();
    stage.inBundle('t/one.t', 'print "1..2\\nok 1\\nok 2\\n";');
    stage.inBundle('t/two.t', 'print "1..1\\nok 1\\n";');
    const { code, says } = await stage.run('run-tests', 'install', { TESTS_MIN: '3' });
    expect(code).toBe(0);
    expect(says).toMatch(/\nFiles=2, Tests=3, \d+ wallclock secs, 0 warnings$/);
    expect(await stage.run('run-tests', 'install')).toMatchObject({ code: 0 });
  });

  it('fails on a failed test, on too few tests, on none, and on a warning', async () => {
    await using stage = new Stage();
    stage.inBundle('t/one.t', 'warn "odd"; print "1..1\\nok 1\\n";');
    const warned = await stage.run('run-tests', 'install');
    expect(warned.code).toBe(1);
    expect(warned.says).toMatch(/the tests gave 1 warnings, 0 are allowed \(first: odd at t\/one\.t line 1\.\)$/m);
    expect(await stage.run('run-tests', 'install', { TESTS_WARNINGS: '1' })).toMatchObject({ code: 0 });
    const few = await stage.run('run-tests', 'install', { TESTS_WARNINGS: '1', TESTS_MIN: '9000' });
    expect(few.says).toMatch(/pkg:run-tests: only 1 tests ran, 9000 have to$/m);
    stage.inBundle('t/two.t', 'print "1..1\\nnot ok 1\\n";');
    const failed = await stage.run('run-tests', 'install', { TESTS_WARNINGS: '1' });
    expect(failed.says).toMatch(/pkg:run-tests: prove -r t ended with 1$/);
    const none = await stage.run('run-tests', 'install', { TESTS_COMMAND: 'prove -r bin' });
    expect(none.code).toBe(1);
  });
});

describe('run-tests with plain TAP', () => {
  it('counts the tests, and misses the ones that were planned', async () => {
    await using stage = new Stage();
    stage.inBundle('tests', '#!/bin/sh\necho "1..2"\necho "ok 1"\necho "    ok 1 - part"\necho "ok 2 # SKIP"\n', 0o755);
    const env = { TESTS_COMMAND: './tests' };
    const { code, says } = await stage.run('run-tests', 'install', env);
    expect(code).toBe(0);
    expect(says).toMatch(/Files=1, Tests=2,/);
    stage.inBundle('tests', '#!/bin/sh\necho "1..2"\necho "ok 1"\n', 0o755);
    const short = await stage.run('run-tests', 'install', env);
    expect(short.says).toMatch(/pkg:run-tests: \.\/tests ended with 0: 2 tests were planned, 1 ran$/);
    const gone = await stage.run('run-tests', 'install', { TESTS_COMMAND: 'no-such-program', PATH: '/bin' });
    expect(gone).toEqual({ code: 1, says: 'pkg:run-tests: no-such-program is not in PATH' });
  });
});
