import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { needsMounts } from '../support/mounts.ts';
import { needs } from '../support/needs.ts';
import { pageToDo } from '../support/page.ts';
import { blotStory, type Name } from './blot.ts';

const NAMES: readonly Name[] = ['redis', 'blot', 'nginx', 'monit'];

describe('the page of the story of blot', () => {
  needs('root', 'unshare', 'useradd', 'redis-server', 'nginx', 'monit', 'logrotate', 'curl');
  needs('systemctl', 'systemd-analyze');
  needsMounts();

  test('is what an operator sees who types what stands there, and at its end nothing is left', async () => {
    const story = await blotStory('systemd');
    const { machine, ports, t } = story;
    for (const name of NAMES) await story.bundle(name);
    await story.bundle('blot', '1.1.0');
    await story.bundle('blot', '1.2.0', (text) =>
      text.replace('const health = 200', 'const health = 500').replace('"ready": {', '"ready": { "timeout": "3s",'),
    );
    await story.bundle('redis', '1.1.0');
    fs.writeFileSync(path.join(t.home, 'blog.logrotate'), ROTATION.replaceAll('/srv/blog', t.root), { mode: 0o644 });
    await machine.ok('ln', '-s', path.join(t.home, 'pkg'), '/usr/local/bin/pkg');
    await machine.knowsScripts();
    await machine.ok('systemctl', 'enable', 'redis-server', 'nginx', 'monit');

    const names = { '/srv/blog': t.root, '/srv/incoming': t.home, 6391: ports.redis, 8391: ports.blot };
    const page = pageToDo('stories/blot.md', t, { ...names, 8090: ports.nginx, 2891: ports.monit }, machine.inside());
    const goesOn = async (): Promise<void> => {
      const { shown, happened } = await page.goesOn();
      expect.soft(happened).toBe(shown);
    };
    // Who died or hangs is brought back while the reader turns the page.
    const isBack = async (died: number): Promise<void> => story.followed((await story.another(died)).pid);
    const blot = async (): Promise<number> => (await story.pids()).blot;

    await goesOn();
    await story.followed(await blot());
    const killed = await blot();
    await goesOn();
    await isBack(killed);
    const hung = await blot();
    await goesOn();
    await isBack(hung);
    await goesOn();
    await goesOn();
    await story.followed(await blot());
    await goesOn();
    await goesOn();
    await goesOn();
    const left = await blot();
    await goesOn();
    await isBack(left);
    await goesOn();
    const pids = await story.pids();
    await goesOn();

    expect(page.left()).toBe(0);
    for (const name of NAMES) {
      expect(await story.runs(pids[name])).toBe(false);
      expect(await story.visit('/', name)).toBe(null);
    }
    expect((await machine.run('getent', 'passwd', 'blot')).exit).toBe(2);
    expect(story.units()).toEqual([]);
  });
});

const ROTATION = `/srv/blog/log/*.log {
  copytruncate
  rotate 7
}
`;
