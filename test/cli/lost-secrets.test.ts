import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { serviceBench } from '../operations/service-bench.ts';
import { until } from '../support/pkg.ts';

const SECRET = 'open sesame';

describe('a secret whose settings are lost', () => {
  test('is shown in no difference: there is none until they are given anew and what lost them is gone', async () => {
    const t = await keeper();
    const diff = () => t.pkg('config', 'diff', 'web');
    fs.appendFileSync(t.conf, 'port 2\n');
    expect((await diff()).out).toContain(' key ***');

    t.lose(1);
    const refused = await diff();
    expect([refused.exit, refused.out]).toEqual([5, '']);
    expect(refused.err).toContain('the settings of web in generation 1 are lost, and with them what of its files');
    expect(refused.err).not.toContain(SECRET);

    await t.ok('settings', 'set', '-y', 'web', '--settings', t.answers('hunter2secret'));
    const still = await diff();
    expect([still.exit, still.out]).toEqual([5, '']);
    await t.ok('gc', '-y', '--keep', '1');
    const { exit, out } = await diff();
    expect(exit).toBe(0);
    expect(out).toContain('+port 2');
    expect(out).not.toContain('hunter2secret');
  });

  test('stays hidden in the log while the service that began with it is known, and no line is shown after that', async () => {
    const t = await keeper();
    const log = t.at('log/web.server.log');
    await t.ok('service', 'start', 'web');
    await until('what it prints', () => fs.existsSync(log) && fs.readFileSync(log, 'utf8') === `key is ${SECRET}\n`);
    t.lose(1);
    expect((await t.ok('logs', 'web')).lines).toEqual(['key is ***']);

    await t.ok('remove', '-y', '--stop', 'web');
    const refused = await t.pkg('logs', 'web/server');
    expect([refused.exit, refused.out]).toEqual([5, '']);
    expect(refused.err).toContain('the settings of web in generation 1 are lost, and with them what of its log');
    expect(refused.err).toContain(log);
    expect(refused.err).not.toContain(SECRET);
  });

  test('is shown by no reload, which names the files alone', async () => {
    const t = await keeper();
    const reload = async () => (await t.ok('service', 'reload', 'web', '--dry-run')).err;
    await t.ok('service', 'start', 'web');
    t.lose(1);
    fs.appendFileSync(t.conf, 'port 2\n');
    expect(await reload()).toContain(' key ***\n+port 2');
    await t.ok('settings', 'set', '-y', 'web', '--settings', t.answers('hunter2secret'));
    fs.writeFileSync(t.conf, `key ${SECRET}\n`);
    const said = await reload();
    expect(said).toContain('etc/web/web.conf: changed, and no text that can be shown\n');
    expect(said).not.toContain(SECRET);
    await t.ok('service', 'stop', 'web');
  });

  test('is known where another generation has the same', async () => {
    const t = await keeper();
    await t.ok('install', '-y', await t.bundle('other', '1.0.0'));
    fs.appendFileSync(t.conf, 'port 2\n');
    t.lose(1);
    expect((await t.ok('config', 'diff', 'web')).out).toContain(' key ***');
  });
});

/** `web` with a secret in its configuration, which its service prints. */
async function keeper() {
  const t = await serviceBench();
  const answers = (key: string): string => {
    const file = path.join(t.home, 'answers.json');
    fs.writeFileSync(file, JSON.stringify({ web: { key } }));
    return file;
  };
  const archive = await t.bundle('web', '1.0.0', {
    settings: { key: { type: 'string', secret: true } },
    files: {
      'bin/web': '#!/bin/sh\ntrap "" HUP\necho "key is $PKG_SETTING_KEY"; exec sleep 600\n',
      'etc/web.conf': 'key {{setting.key}}\n',
    },
    config: [{ path: 'etc/web.conf', template: true }],
    services: { server: { start: ['bin/web'], path: 'current', autostart: false, reload: { signal: 'SIGHUP' } } },
  });
  await t.ok('install', '-y', '--settings', answers(SECRET), archive);
  return {
    ...t,
    answers,
    conf: t.at('current/etc/web/web.conf'),
    lose: (generation: number) => fs.rmSync(t.at(`generations/${generation}/settings.json`)),
  };
}
