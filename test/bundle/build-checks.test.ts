import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packBundle } from '../../src/bundle/index.ts';
import { PkgError } from '../../src/error.ts';
import { HOOKS, script, sourceFolder, type Tree } from './temporary.ts';

type Keys = Readonly<Record<string, unknown>>;

const build = async (keys: Keys, tree: Tree) => {
  const folder = sourceFolder(JSON.stringify({ name: 'app', version: '1.1.0', ...keys }, null, 2), tree);
  return await packBundle({ folder, outDir: join(dirname(folder), 'out'), hookLibrary: HOOKS });
};

/** What a build says: the lines of its problems without place, or its warnings. */
const told = async (keys: Keys, tree: Tree = {}): Promise<readonly string[]> => {
  try {
    return (await build(keys, tree)).warnings.map((warning) => `warning: ${warning}`);
  } catch (error) {
    if (!(error instanceof PkgError)) throw error;
    const blocks = error.details as readonly string[];
    return blocks.map((block) => `${error.code}: ${block.split('\n')[0]?.replace(/^\S+bundle\.json:\d+:\d+ /, '')}`);
  }
};

describe('hooks that could never run are found', () => {
  const cases: readonly (readonly [string, Tree, readonly string[]])[] = [
    ['fine', { 'hooks/pre': script }, []],
    ['fine with env', { 'hooks/pre': { text: '#!/usr/bin/env perl\n', mode: 0o755 } }, []],
    ['fine as a program', { 'hooks/pre': { text: '\u007fELF...', mode: 0o755 } }, []],
    ['missing', { 'hooks/per': script }, ["hook-invalid: there is no hook 'hooks/pre'"]],
    ['a folder', { 'hooks/pre': null }, ["hook-invalid: the hook 'hooks/pre' is a directory"]],
    ['not executable', { 'hooks/pre': '#!/bin/sh\n' }, ["hook-invalid: the hook 'hooks/pre' is not executable"]],
    [
      'without interpreter',
      { 'hooks/pre': { text: 'echo\n', mode: 0o755 } },
      ["hook-invalid: the hook 'hooks/pre' does not begin with an interpreter line"],
    ],
    [
      'empty',
      { 'hooks/pre': { text: '', mode: 0o755 } },
      ["hook-invalid: the hook 'hooks/pre' does not begin with an interpreter line"],
    ],
    [
      'with a relative interpreter',
      { 'hooks/pre': { text: '#!perl\n', mode: 0o755 } },
      ["hook-invalid: the interpreter of the hook 'hooks/pre' is not an absolute path"],
    ],
    [
      'with CR line ends',
      { 'hooks/pre': { text: '#!/bin/sh\r\necho\r\n', mode: 0o755 } },
      ["hook-invalid: the hook 'hooks/pre' has CR line ends: its interpreter would not be found"],
    ],
  ];
  test.each(cases)('%s', async (_, tree, problems) => {
    expect(await told({ hooks: { preinstall: 'hooks/pre' } }, tree)).toEqual(problems);
  });

  test('in pairs as well, and ready-made ones by name', async () => {
    const hooks = { preinstall: [{ do: 'hooks/a', undo: 'hooks/b' }, 'pkg:create-usr'] };
    const problems = [
      "hook-invalid: there is no hook 'hooks/b'",
      "hook-invalid: there is no ready-made hook 'pkg:create-usr'",
    ];
    expect(await told({ hooks }, { 'hooks/a': script })).toEqual(problems);
  });
});

describe('ready-made programs do only what they are for', () => {
  test('a hook is no control program, nor the other way round, and files beside them are neither', async () => {
    const services = { web: { start: ['true'], control: 'pkg:create-user' } };
    const hooks = { preinstall: ['pkg:control-node', 'pkg:README.md'] };
    expect(await told({ hooks, services })).toEqual([
      "hook-invalid: there is no ready-made hook 'pkg:control-node'",
      "hook-invalid: there is no ready-made hook 'pkg:README.md'",
      "hook-invalid: there is no ready-made control program 'pkg:create-user'",
    ]);
  });
});

describe('the manifest and the files agree', () => {
  const service = { start: ['bin/server'] };
  const cases: readonly (readonly [Keys, Tree, readonly string[]])[] = [
    [{ bin: { x: 'bin/x' } }, { 'bin/x': script }, []],
    [{ bin: { x: 'bin/x' } }, {}, ["there is no 'bin/x' in the bundle"]],
    [{ bin: { x: 'bin/x' } }, { 'bin/x': 'text' }, ["'bin/x' is not executable"]],
    [{ bin: { x: 'bin' } }, { 'bin/x': script }, ["'bin' is a directory"]],
    [{ bin: { x: 'bin/x' } }, { 'bin/y': script, 'bin/x': '-> y' }, []],
    [{ config: [{ path: 'etc/a' }] }, {}, ["there is no 'etc/a' in the bundle"]],
    [
      { config: [{ path: 'etc/a' }, { path: 'a' }] },
      { 'etc/a': '', a: '' },
      ["'a' and 'etc/a' would be the same configuration file"],
    ],
    [{ links: { '/etc/x': 'etc/x' } }, {}, ["there is no 'etc/x' in the bundle"]],
    [{ links: { '/opt/x': 'share' } }, { share: null }, []],
    [{ depends: { app: '^1.0' } }, {}, []],
    [{ depends: { app: '<1' } }, {}, ['app 1.1.0 needs another version of itself: no generation can hold both']],
    [{ checks: [{ name: 'a', run: ['bin/check'] }] }, {}, ["there is no 'bin/check' in the bundle"]],
    [
      {
        checks: [
          { name: 'a', run: ['prove', '-r'] },
          { name: 'b', run: ['/bin/true'] },
          { name: 'c', run: ['${bundle}/x'] },
        ],
      },
      {},
      [],
    ],
    [{ services: { web: service } }, {}, ["there is no 'bin/server' in the bundle"]],
    [{ services: { web: { start: ['node'], control: 'bin/ctl' } } }, {}, ["there is no 'bin/ctl' in the bundle"]],
    [
      { upgrade: { up: [{ from: '1.0.x', steps: [{ run: 'bin/convert' }] }] } },
      {},
      ["there is no 'bin/convert' in the bundle"],
    ],
    [{ upgrade: { up: [{ from: '1.0.x', steps: [{ run: 'bin/convert', in: 'old' }] }] } }, {}, []],
  ];
  test.each(cases)('%j', async (keys, tree, problems) => {
    expect(await told(keys, tree)).toEqual(problems.map((problem) => `manifest-invalid: ${problem}`));
  });
});

describe('values', () => {
  const settings = { port: { type: 'number', default: 1 }, password: { type: 'string', secret: true } };
  const cases: readonly (readonly [Keys, readonly string[]])[] = [
    [{ env: { A: '${bundle} ${etc} ${data} ${root} ${name} ${version} ${port} ${generation} ${generationDir}' } }, []],
    [{ env: { A: '${setting.port}', B: '${bundle:perl}' }, settings, depends: { perl: '*' } }, []],
    [{ env: { A: '${bundel}' } }, ["there is no value 'bundel'"]],
    [{ env: { A: '${}' } }, ["there is no value ''"]],
    [{ env: { A: '${setting.prot}' }, settings }, ["there is no setting 'prot'"]],
    [{ env: { A: '${bundle:perl}' } }, ["'perl' is not a dependency of this bundle"]],
    [{ checks: [{ name: 'a', run: ['x', '${HOME}'] }] }, ["there is no value 'HOME'"]],
    [{ env: { PASSWORD: '${setting.password}' }, settings }, []],
    [{ settings, services: { web: { start: ['x'], env: { P: '${setting.password}' } } } }, []],
    [
      { settings, services: { web: { start: ['x', '-p${setting.password}'] } } },
      ["the secret 'password' would be shown to everybody on the machine: it stands in a command"],
    ],
    [
      { settings, checks: [{ name: 'a', run: ['x', '${setting.password}'] }] },
      ["the secret 'password' would be shown to everybody on the machine: it stands in a command"],
    ],
  ];
  test.each(cases)('%j', async (keys, problems) => {
    expect(await told(keys)).toEqual(problems.map((problem) => `manifest-invalid: ${problem}`));
  });

  test('in templates are checked as well', async () => {
    const keys = { settings, config: [{ path: 'etc/a', template: true }, { path: 'etc/b' }] };
    const tree = {
      'etc/a': 'port = {{setting.port}}\nname = {{ nmae }}\npw = {{setting.password}}\n',
      'etc/b': '{{anything}}',
    };
    expect(await told(keys, tree)).toEqual(["manifest-invalid: there is no value 'nmae' (in etc/a)"]);
  });
});

describe('mistakes in services and upgrade paths have names', () => {
  const web = { start: ['server'], reload: { signal: 'SIGHUP' }, path: 'current', control: 'ctl' };
  const up = (...steps: readonly Keys[]): Keys => ({
    services: { web, db: { start: ['db'] } },
    upgrade: { up: [{ from: '1.0.x', steps }], down: [{ to: '1.0.x', steps: [] }] },
  });
  const cases: readonly (readonly [string, Keys, readonly string[]])[] = [
    [
      'suspend, migrate, resume is fine',
      {
        services: { web },
        upgrade: {
          up: [{ from: '1.0.x', steps: [{ suspend: 'web' }, { call: 'web', extra: 1 }, { resume: 'web' }] }],
          down: [{ to: '1.0.x', steps: [] }],
        },
      },
      [],
    ],
    ['suspended-not-resumed', up({ suspend: 'web' }), ["suspended-not-resumed: 'web' would hold its work for ever"]],
    [
      'resumed-not-suspended',
      up({ restart: 'web' }, { resume: 'web' }),
      ["resumed-not-suspended: 'web' was not suspended before"],
    ],
    ['control-missing', up({ call: 'db' }), ["control-missing: nobody could tell 'db' to call"]],
    ['reload-missing', up({ reload: 'app/db' }), ["reload-missing: 'app/db' does not say how it is reloaded"]],
    [
      'onUpgrade reload without reload',
      { services: { db: { start: ['x'], onUpgrade: 'reload' } } },
      ["reload-missing: 'db' does not say how it is reloaded"],
    ],
    [
      'replace-needs-two-ports',
      { services: { db: { start: ['x'], ports: [8080], onUpgrade: 'replace' } } },
      ["replace-needs-two-ports: old and new 'db' would need the same port"],
    ],
    [
      'path-to-itself',
      { upgrade: { up: [{ from: '1.1.0 || 2.x', steps: [] }], down: [{ to: '>=1.1', steps: [] }] } },
      [
        "path-to-itself: '1.1.0 || 2.x' holds no version below 1.1.0",
        "path-to-itself: '>=1.1' holds no version below 1.1.0",
      ],
    ],
    ['a release may come from its own prerelease', { upgrade: { up: [{ from: '1.1.0-rc.1', steps: [] }] } }, []],
    [
      'a rebuild may come from its own version',
      { version: '1.1.0+2', upgrade: { up: [{ from: '1.1.0', steps: [] }] } },
      [],
    ],
    [
      'unreachable',
      { upgrade: { up: [{ from: '>1.0.5 <1.0.2', steps: [] }] } },
      ["unreachable: no version can be inside '>1.0.5 <1.0.2'"],
    ],
    [
      'data-unreadable',
      { data: { reads: [1, 2], writes: 3 } },
      ['data-unreadable: it writes format 3, but reads only 1 and 2'],
    ],
    ['start-not-stop', up({ start: 'web' }), ["start-not-stop: 'web' was not stopped before"]],
    ['stopped-not-started', up({ stop: 'web' }), ["stopped-not-started: 'web' would stay stopped"]],
    ['no-such-service', up({ reload: 'wbe' }), ["no-such-service: 'wbe'"]],
    ['another bundle is not our business', up({ reload: 'other/web' }), []],
    [
      'irreversible-without-backup',
      up({ run: 'x', irreversible: true }),
      ['irreversible-without-backup: nothing could be restored after this step'],
    ],
    ['irreversible with a backup is fine', up({ backup: 'x' }, { run: 'x', irreversible: true }), []],
    [
      'irreversible with a copy of the data is fine',
      {
        data: { directory: true },
        ...up({ stop: 'web' }, { backup: true }, { run: 'x', irreversible: true }, { start: 'web' }),
      },
      [],
    ],
    [
      'backup-without-data',
      up({ stop: 'web' }, { backup: true }, { start: 'web' }),
      ['backup-without-data: this bundle has no data folder'],
    ],
    [
      'backup-not-suspended',
      { data: { directory: true }, ...up({ backup: true }) },
      ['backup-not-suspended: the service works on the data while it is copied'],
    ],
    [
      'replace-needs-exact',
      up({ replace: 'web' }),
      ["replace-needs-exact: old and new 'web' would both run from 'current'"],
    ],
    ['replace of an exact one is fine', up({ replace: 'db' }), []],
    [
      'reload-needs-current',
      { services: { web: { start: ['x'], reload: { signal: 'SIGHUP' } } } },
      ["reload-needs-current: 'web' would read the files of its old version again"],
    ],
    [
      'a reload by command may be exact',
      { services: { web: { start: ['x'], reload: { command: ['x', 'reload'] } } } },
      [],
    ],
    [
      'onUpgrade replace of a current one',
      { services: { web: { ...web, onUpgrade: 'replace' } } },
      ["replace-needs-exact: old and new 'web' would both run from 'current'"],
    ],
    [
      'onUpgrade replace of one that systemd keeps',
      { services: { web: { start: ['x'], manager: 'systemd', onUpgrade: 'replace' } } },
      ["replace-needs-two-instances: systemd keeps only one of 'web'"],
    ],
    [
      'needs something unknown',
      { services: { web: { ...web, needs: ['dbb', 'redis/server'] }, db: { start: ['x'] } } },
      ["no-such-service: 'dbb'"],
    ],
    [
      'range-overlap-ambiguous',
      {
        upgrade: {
          up: [
            { from: '1.x', steps: [] },
            { from: '1.0.x', steps: [] },
          ],
        },
      },
      ["range-overlap-ambiguous: '1.0.x' and '1.x' share versions"],
    ],
    [
      'migrate-not-suspended and data-down-gap',
      up({ migrate: 'x' }),
      [
        'migrate-not-suspended: the service works on the data while it is migrated',
        "data-down-gap: the way up from '1.0.x' migrates data, the way down to '1.0.x' does not",
      ],
    ],
  ];
  test.each(cases)('%s', async (_, keys, problems) => {
    expect(await told(keys)).toEqual(problems.map((problem) => `manifest-invalid: ${problem}`));
  });

  test('down-missing is only a warning', async () => {
    const upgrade = { up: [{ from: '1.0.x', steps: [{ reload: 'web' }] }] };
    expect(await told({ services: { web }, upgrade })).toEqual([
      "warning: down-missing: upgrade.up from '1.0.x' has no way back in upgrade.down: pkg downgrade would need --force",
    ]);
  });
});

test('all mistakes of a folder are told at once, with their places', async () => {
  const keys = { bin: { x: 'bin/x' }, hooks: { preinstall: 'hooks/pre' }, env: { A: '${x}' } };
  const failed = build(keys, { link: '-> /etc' });
  await expect(failed).rejects.toMatchObject({ code: 'manifest-invalid', exit: 2 });
  const message = await failed.then(
    () => '',
    (error: unknown) => (error as PkgError).message,
  );
  expect(message.split('\n').filter((line) => !line.startsWith(' '))).toEqual([
    expect.stringMatching(/^cannot build \S+: 4 mistakes$/),
    expect.stringMatching(/bundle\.json:5:10 there is no 'bin\/x' in the bundle$/),
    expect.stringMatching(/bundle\.json:8:19 there is no hook 'hooks\/pre'$/),
    expect.stringMatching(/bundle\.json:11:10 there is no value 'x'$/),
    'link: the symbolic link leaves the bundle: /etc (link-leaves)',
  ]);
});
