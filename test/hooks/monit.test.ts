import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { freePort, Stage } from './stage.ts';
import { untilSo } from '../support/until.ts';

describe('monit-unmonitor and monit-monitor', () => {
  needs('monit');

  it('takes a service out of monit, once, and the undo puts it in again', async () => {
    await using stage = new Stage();
    const monit = await startMonit(stage);
    expect(await stage.run('monit-unmonitor', 'upgrade 1.0.0', monit.env)).toEqual({
      code: 0,
      says: 'monit leaves web alone',
    });
    expect(await monit.isMonitored('web')).toBe(false);
    expect(await stage.run('monit-unmonitor', 'upgrade 1.0.0', monit.env)).toMatchObject({ code: 0 });
    expect(await stage.run('monit-monitor', 'abort-upgrade 1.0.0', monit.env)).toMatchObject({ code: 0 });
    expect(await monit.isMonitored('web')).toBe(true);
    expect(await stage.run('monit-monitor', 'abort-upgrade 1.0.0', monit.env)).toEqual({ code: 0, says: '' });
  });

  it('does not watch in the undo what nobody watched before', async () => {
    await using stage = new Stage();
    const monit = await startMonit(stage);
    await stage.run('monit-unmonitor', 'upgrade 1.0.0', monit.env);
    await using later = new Stage();
    await later.run('monit-unmonitor', 'upgrade 1.0.0', monit.env);
    await later.run('monit-monitor', 'abort-upgrade 1.0.0', monit.env);
    expect(await monit.isMonitored('web')).toBe(false);
  });

  it('lets monit watch again after the change, and the undo takes it out', async () => {
    await using stage = new Stage();
    const monit = await startMonit(stage);
    await stage.run('monit-unmonitor', 'upgrade 1.0.0', monit.env);
    expect(await stage.run('monit-monitor', 'upgrade 1.0.0', monit.env)).toEqual({
      code: 0,
      says: 'monit watches web',
    });
    expect(await monit.isMonitored('web')).toBe(true);
    expect(await stage.run('monit-unmonitor', 'abort-upgrade 1.0.0', monit.env)).toMatchObject({ code: 0 });
    expect(await monit.isMonitored('web')).toBe(false);
    await stage.run('monit-monitor', 'abort-upgrade 1.0.0', monit.env);
    expect(await monit.isMonitored('web')).toBe(true);
  });

  it('fails on a service that monit does not know', async () => {
    await using stage = new Stage();
    const monit = await startMonit(stage);
    const { code, says } = await stage.run('monit-unmonitor', 'install', { ...monit.env, MONIT_SERVICES: 'nobody' });
    expect(code).toBe(1);
    expect(says).toContain("pkg:monit-unmonitor: cannot ask about nobody: Service 'nobody' not found");
  });

  it('has nothing to take out where monit does not run, and says that nothing is watched', async () => {
    await using stage = new Stage();
    const env = { MONIT_RC: await controlFile(stage), MONIT_SERVICES: 'web' };
    const out = await stage.run('monit-unmonitor', 'upgrade 1.0.0', env);
    expect(out).toEqual({ code: 0, says: 'monit is not running: nothing to take out' });
    expect(await stage.run('monit-monitor', 'abort-upgrade 1.0.0', env)).toEqual({ code: 0, says: '' });
    const { code, says } = await stage.run('monit-monitor', 'upgrade 1.0.0', env);
    expect(code).toBe(1);
    expect(says).toContain('cannot ask about web');
  });

  it('can be undone after a boot, when monit is not up yet', async () => {
    await using stage = new Stage();
    const { env } = await startMonit(stage);
    await stage.run('monit-unmonitor', 'upgrade 1.0.0', env);
    await stage.run('monit-monitor', 'upgrade 1.0.0', env);
    await execa('monit', ['-c', env.MONIT_RC, 'quit']);
    await untilSo(async () =>
      (await stage.run('monit-unmonitor', 'install', env)).says.includes('monit is not running'),
    );
    for (const hook of ['monit-unmonitor', 'monit-monitor']) {
      const says = 'monit is not running: after a boot it watches everything again';
      expect(await stage.run(hook, 'abort-upgrade 1.0.0', env)).toEqual({ code: 0, says });
    }
  });

  it('can be undone after a boot, when somebody else has the number of the process that monit was', async () => {
    await using stage = new Stage();
    const { env } = await startMonit(stage);
    await stage.run('monit-unmonitor', 'upgrade 1.0.0', env);
    await stage.run('monit-monitor', 'upgrade 1.0.0', env);
    await execa('monit', ['-c', env.MONIT_RC, 'quit']);
    await untilSo(async () => (await execa('monit', ['-c', env.MONIT_RC, 'summary'], { reject: false })).failed);
    stage.file('monit.pid', `${process.pid}\n`);
    for (const hook of ['monit-unmonitor', 'monit-monitor']) {
      writeFileSync(join(stage.scratch, `pkg-${hook}-boot`), 'the boot before\n');
    }
    for (const hook of ['monit-unmonitor', 'monit-monitor']) {
      const says = 'the machine was started again: monit watches everything again';
      expect(await stage.run(hook, 'abort-upgrade 1.0.0', env)).toEqual({ code: 0, says });
    }
  });

  it('has nothing to do before there is a monit', async () => {
    await using stage = new Stage();
    const missing = join(stage.top, 'missing');
    const env = { MONIT_RC: missing, MONIT_SERVICES: 'web' };
    const says = `there is no monit with ${missing}`;
    expect(await stage.run('monit-unmonitor', 'install', env)).toEqual({
      code: 0,
      says: `${says}: nothing to take out`,
    });
    expect(await stage.run('monit-monitor', 'install', env)).toEqual({ code: 0, says: `${says}: nobody watches` });
  });
});

async function startMonit(stage: Stage) {
  const control = await controlFile(stage);
  stage.start('monit', '-I', '-c', control);
  const ask = async (service: string) =>
    (await execa('monit', ['-c', control, '-B', 'status', service], { reject: false })).stdout;
  await untilSo(async () => (await ask('web')).includes('monitoring status'));
  return {
    env: { MONIT_RC: control, MONIT_SERVICES: 'web' },
    isMonitored: async (service: string) => !(await ask(service)).includes('Not monitored'),
  };
}

async function controlFile(stage: Stage): Promise<string> {
  const at = (name: string) => join(stage.top, `monit.${name}`);
  stage.file('web.pid', `${process.pid}\n`);
  return stage.file(
    'monitrc',
    `set daemon 1
set logfile ${at('log')}
set pidfile ${at('pid')}
set idfile ${at('id')}
set statefile ${at('state')}
set httpd port ${await freePort()} and use address 127.0.0.1 allow localhost
check process web with pidfile ${join(stage.top, 'web.pid')}
`,
    0o600,
  );
}
