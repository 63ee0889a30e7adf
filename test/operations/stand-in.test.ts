import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { listProcesses, readText } from '../../src/system/index.ts';
import { serviceBench } from './service-bench.ts';

/** `web` 1.0.0 runs without a proxy in front of it, and says what stands in for it. */
async function without(maintenance: object) {
  const t = await serviceBench();
  const port = await t.portOf('web');
  const seen = path.join(t.home, 'seen');
  const steps = [{ stop: 'server' }, { run: 'bin/look' }, { start: 'server' }];
  const web = (version: string, lines = '') =>
    t.web(
      'web',
      version,
      { autostart: true, path: 'exact', reload: undefined, maintenance },
      {
        files: {
          'bin/look': `#!${process.execPath}
fetch('http://127.0.0.1:${port}/').then(async (page) => {
  require('fs').writeFileSync('${seen}', page.status + ' ' + await page.text());
  ${lines}
}, (error) => { console.error(error.cause ?? error); process.exit(9); });
`,
        },
        ...(version === '1.0.0' ? {} : { upgrade: { up: [{ from: '1.0.0', steps }], down: [{ to: '1.0.0', steps }] } }),
      },
    );
  await t.ok('install', '-y', await web('1.0.0'));
  return {
    ...t,
    web,
    seen: () => fs.readFileSync(seen, 'utf8'),
    page: (accept = 'text/html') =>
      fetch(`http://127.0.0.1:${port}/any/where`, { headers: { connection: 'close', accept } }),
    standIns: () =>
      listProcesses().filter(({ pid, isDead }) => {
        const words = readText(`/proc/${pid}/cmdline`)?.split('\0') ?? [];
        return !isDead && words.includes(String(port)) && (words.includes('serve') || words.includes('maintain'));
      }),
  };
}

const PAGE = { page: '127.0.0.1' };
const PREPARED = { start: [process.execPath, 'server.js', '${port}', 'maintain'] };

describe('a service without a proxy', () => {
  test('makes room for a page at its own port, which says when it is back, and comes back as it was', async () => {
    const t = await without(PAGE);
    await t.ok('service', 'restart', 'web');
    const { err } = await t.ok('maintenance', 'on', 'web', '--until', '2h', '--message', 'New index');
    expect(err).toContain('web/server is stopped; in its place answers pid ');
    const page = await t.page();
    expect([page.status, Number(page.headers.get('retry-after')) > 7000]).toEqual([503, true]);
    expect(await page.text()).toMatch(/New index[^]*We expect to be back at .*GMT/);
    expect(await (await t.page('application/json')).json()).toMatchObject({ status: 'maintenance', late: false });
    expect(await t.states()).toEqual(['web/server stopped']);
    await t.ok('maintenance', 'on', 'web', '--until', '2030-01-01T00:00Z');
    expect(await (await t.page()).text()).toContain('on 2030-01-01');
    await t.ok('maintenance', 'off', 'web');
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
    expect([t.standIns(), t.exists('run/web.server~maintenance.json'), t.exists('maintenance')]).toEqual([
      [],
      false,
      false,
    ]);
  });

  test('is started in the way that was prepared for it', async () => {
    const t = await without(PREPARED);
    await t.ok('maintenance', 'on');
    expect(await t.ask('web')).toMatchObject({ words: ['maintain'] });
    await t.ok('maintenance', 'off');
    expect(await t.ask('web')).toMatchObject({ words: [] });
    expect(t.standIns()).toEqual([]);
  });

  test('cannot be planned: nobody would be there to begin', async () => {
    const t = await without(PAGE);
    const { exit, err } = await t.pkg('maintenance', 'on', 'web', '--every', '0 9 * * sun', '--for', '2h');
    expect([exit, err]).toEqual([2, expect.stringContaining('cannot plan maintenance of web/server: no proxy')]);
    expect(t.exists('maintenance')).toBe(false);
  });

  test('comes back when what was prepared for it does not start', async () => {
    const t = await without({ start: [process.execPath, '-e', 'process.exit(4)'] });
    const { exit, err } = await t.pkg('maintenance', 'on', 'web');
    expect(exit).toBeGreaterThan(0);
    expect(err).toContain('web/server');
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0', words: [] });
  });
});

describe('an upgrade that needs the service down', () => {
  test('shows the page meanwhile, and nothing of it is left', async () => {
    const t = await without(PAGE);
    const { events } = await t.ok('install', '-y', '--json', await t.web('2.0.0'));
    expect(t.seen()).toMatch(/^503 [^]*Down for maintenance/);
    expect(await t.ask('web')).toMatchObject({ version: '2.0.0' });
    expect(events.filter(({ event }) => event === 'warning')).toEqual([]);
    expect([t.standIns(), t.exists('run/web.server~maintenance.json')]).toEqual([[], false]);
  });

  test('that fails, or is cut short, ends it before the old version serves again', async () => {
    const t = await without(PREPARED);
    const failed = await t.pkg('install', '-y', await t.web('2.0.0', 'process.exit(5);'));
    expect([failed.exit, t.seen()]).toEqual([1, expect.stringContaining('maintain')]);
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0', words: [] });
    await t.pkg('install', '-y', await t.web('2.1.0', 'process.kill(process.ppid, "SIGKILL");'));
    expect(await t.ask('web')).toMatchObject({ words: ['maintain'] });
    await t.ok('recover');
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0', words: [] });
    expect([t.standIns(), t.exists('run/web.server~maintenance.json')]).toEqual([[], false]);
  });

  test('goes on without a page when that cannot be shown', async () => {
    const t = await without({ start: [process.execPath, '-e', 'process.exit(4)'] });
    const { err } = await t.pkg('install', '-y', await t.web('2.0.0'));
    expect(err).toContain('nobody stands in for web/server: ');
  });
});
