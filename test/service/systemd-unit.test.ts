import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Launch, Service } from '../../src/model/index.ts';
import { unitOf } from '../../src/service/index.ts';
import { renderUnit } from '../../src/service/systemd/unit.ts';
import { needsMounts } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { until, workbench } from '../support/pkg.ts';
import { bootedMachine } from '../support/systemd.ts';

describe('the unit of a service', () => {
  test.each<[string, Service, readonly string[]]>([
    ['stays in front', {}, ['Type=exec', 'Restart=on-failure', 'KillSignal=SIGTERM', 'TimeoutStopSec=30000ms']],
    ['goes into the background', { forks: true, pidFile: 'run/pid' }, ['Type=forking', 'PIDFile=/srv/app/run/pid']],
    ['runs as somebody', { user: 'www', group: 'web' }, ['User=www', 'Group=web']],
    [
      'stops on its own signal',
      { stop: { signal: 'SIGQUIT', timeout: '1m' } },
      ['KillSignal=SIGQUIT', 'TimeoutStopSec=60000ms'],
    ],
    ['stops by a command', { stop: { command: ['bin/ctl', 'stop'] } }, ['ExecStop=":/srv/app/bin/ctl" "stop"']],
    ['reloads by a signal', { reload: { signal: 'SIGHUP' } }, ['ExecReload=/bin/kill -s HUP $MAINPID']],
    ['reloads by a command', { reload: { command: ['ctl', '-s'] } }, ['ExecReload=":ctl" "-s"']],
    [
      'needs others',
      { needs: ['cache', 'db/main'] },
      [
        'After=network.target pkg-recover-7.service pkg-7-web-cache.service pkg-7-db-main.service',
        'Wants=pkg-7-web-cache.service',
        'Wants=pkg-7-db-main.service',
      ],
    ],
  ])('says of one that %s how it is kept', (_what, service, lines) => {
    expect(renderUnit(launch({ service })).split('\n')).toEqual(expect.arrayContaining([...lines]));
  });

  test('belongs to its root, and has no number in its name where that is the root of the machine', () => {
    expect(renderUnit(launch()).split('\n')[0]).toBe('# made by pkg for /srv/root');
    expect(renderUnit(launch({ unit: 'pkg-web-server' }))).toContain('After=network.target pkg-recover.service\n');
  });

  test('has a name that systemd takes, also where that of the bundle is none', () => {
    const unit = unitOf(launch({ name: { bundle: 'c++', service: 'server' }, unit: 'pkg-7-c++-server' }));
    expect(unit?.files[0].path).toBe('/etc/systemd/system/pkg-7-c\\x2b\\x2b-server.service');
  });

  test('keeps the variables in a file that only its owner may read', () => {
    const unit = unitOf(launch({ env: { PASSWORD: 'secret' } }));
    expect(unit?.files[0].text).not.toContain('secret');
    expect(unit?.files[1]).toMatchObject({ path: '/srv/root/run/web.server.env', mode: 0o600 });
    expect(unit?.files[1]?.text).toContain('PASSWORD="secret"\n');
  });
});

describe('what systemd makes of it', () => {
  needs('root', 'systemctl', 'unshare');
  needsMounts();

  test('every word and every variable arrives as it was written', async () => {
    const { home } = workbench();
    const machine = await bootedMachine(home);
    const folder = path.join(home, '100% of $HOME');
    fs.mkdirSync(folder);
    const program =
      "require('fs').writeFileSync('seen', JSON.stringify({ words: process.argv.slice(1), env: process.env }))";
    const unit = unitOf(
      launch({
        argv: [process.execPath, '-e', program, ...HARD],
        env: Object.fromEntries(HARD.map((word, index) => [`HARD_${index}`, word])),
        cwd: folder,
        log: path.join(folder, 'a log'),
        runFile: path.join(folder, 'run', 'web.server.json'),
      }),
    );
    const [main, variables] = unit?.files ?? [];
    fs.writeFileSync(machine.unit('hard.service'), main?.text ?? '');
    fs.mkdirSync(path.join(folder, 'run'));
    fs.writeFileSync(variables?.path ?? '', variables?.text ?? '');
    await machine.ok('systemctl', 'start', 'hard');
    await until('it has written', async () => (await machine.property('hard', 'ActiveState')) === 'inactive');
    const seen = JSON.parse(fs.readFileSync(path.join(folder, 'seen'), 'utf8'));
    expect(seen.words).toEqual(HARD);
    expect(HARD.map((_, index) => seen.env[`HARD_${index}`])).toEqual(HARD);
    expect(seen.env.PKG_SERVICE).toBe('web/server');
    expect(fs.existsSync(path.join(folder, 'a log'))).toBe(true);
  });
});

/** Words that mean something to systemd or to a shell. */
const HARD = [
  '$HOME ${HOME} $$',
  '%h 100%',
  'it\'s "quoted"',
  'C:\\new\\x41',
  'two\nlines\tand a tab',
  ';',
  '',
  '  spaces  ',
  'äöü €',
  '`date` #no comment',
  '@-:+!',
];

function launch({ service, ...changed }: Partial<Launch> = {}): Launch {
  return {
    name: { bundle: 'web', service: 'server' },
    version: '1.0.0',
    generation: 1,
    bundleDir: '/srv/app',
    service: { manager: 'systemd', ...service },
    argv: ['/srv/app/bin/server'],
    cwd: '/srv/app',
    env: {},
    port: null,
    log: '/srv/root/log/web.server.log',
    runFile: '/srv/root/run/web.server.json',
    unit: 'pkg-7-web-server',
    ...changed,
  };
}
