import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Stage } from './stage.ts';

describe('link-data and unlink-data', () => {
  it('lets a fixed path lead into the data folder, and takes everything back', async () => {
    await using stage = new Stage();
    const { env, path } = fixedPath(stage);
    expect(await stage.run('link-data', 'install', env)).toMatchObject({ code: 0 });
    expect(await stage.run('link-data', 'install', env)).toEqual({ code: 0, says: '' });
    expect(readlinkSync(path)).toBe(join(stage.data, 'log'));
    expect(await stage.run('unlink-data', 'abort-install', env)).toMatchObject({ code: 0 });
    expect(isThere(path) || existsSync(join(stage.data, 'log'))).toBe(false);
    expect(await stage.run('unlink-data', 'abort-install', env)).toEqual({ code: 0, says: '' });
  });

  it('never takes back data that was written meanwhile, nor a link that was there before', async () => {
    await using stage = new Stage();
    const { env, path } = fixedPath(stage);
    await stage.run('link-data', 'install', env);
    writeFileSync(join(path, 'app.log'), 'a line');
    await stage.run('unlink-data', 'abort-install', env);
    expect(readFileSync(join(stage.data, 'log/app.log'), 'utf8')).toBe('a line');
    symlinkSync(join(stage.data, 'log'), path);
    await stage.run('link-data', 'upgrade 1.0.0', env);
    await stage.run('unlink-data', 'abort-upgrade 1.0.0', env);
    expect(isThere(path)).toBe(true);
  });

  it('refuses a path with content before it touches another one', async () => {
    await using stage = new Stage();
    const { env, path } = fixedPath(stage);
    mkdirSync(join(stage.top, 'spool'));
    const both = { DATA_LINKS: `${env.DATA_LINKS} ${join(stage.top, 'spool')}=spool` };
    const { code, says } = await stage.run('link-data', 'install', both);
    expect(code).toBe(1);
    expect(says).toBe(`pkg:link-data: ${stage.top}/spool exists: move its content to ${stage.data}/spool first`);
    expect(isThere(path)).toBe(false);
  });

  it('refuses a folder outside the data folder', async () => {
    await using stage = new Stage();
    expect(await stage.run('link-data', 'install', { DATA_LINKS: '/var/x=../../etc' })).toEqual({
      code: 1,
      says: 'pkg:link-data: ../../etc does not lie in the data folder',
    });
  });

  it('removes its links with the bundle, keeps foreign ones, and can make them again', async () => {
    await using stage = new Stage();
    const { env, path } = fixedPath(stage);
    const foreign = join(stage.top, 'spool');
    symlinkSync('/nowhere', foreign);
    await stage.run('link-data', 'install', env);
    await using later = new Stage();
    const both = { DATA_LINKS: `${env.DATA_LINKS} ${foreign}=spool`, PKG_DATA_DIR: stage.data };
    expect(await later.run('unlink-data', 'remove', both)).toMatchObject({ code: 0 });
    expect(await later.run('unlink-data', 'remove', both)).toMatchObject({ code: 0 });
    expect([isThere(path), isThere(foreign)]).toEqual([false, true]);
    expect(await later.run('link-data', 'abort-remove', both)).toMatchObject({ code: 0 });
    expect(readlinkSync(path)).toBe(join(stage.data, 'log'));
    expect(await later.run('link-data', 'abort-remove', both)).toEqual({ code: 0, says: '' });
  });
});

describe('link-data of a bundle that takes over the data of another', () => {
  it('takes over the link that leads nowhere any more, and undo gives it back', async () => {
    await using stage = new Stage();
    const { env, path } = fixedPath(stage);
    const former = join(stage.top, 'root/data/former/log');
    symlinkSync(former, path);
    expect(await stage.run('link-data', 'install', env)).toMatchObject({ code: 0 });
    expect(readlinkSync(path)).toBe(join(stage.data, 'log'));
    for (const _time of ['once', 'twice']) {
      expect(await stage.run('unlink-data', 'abort-install', env)).toEqual({ code: 0, says: '' });
      expect(readlinkSync(path)).toBe(former);
    }
  });

  it('never takes one behind which there is still data', async () => {
    await using stage = new Stage();
    const { env, path } = fixedPath(stage);
    const other = join(stage.top, 'root/data/other/log');
    mkdirSync(other, { recursive: true });
    symlinkSync(other, path);
    const says = `pkg:link-data: ${path} is a link to ${other}: remove it first`;
    expect(await stage.run('link-data', 'install', env)).toEqual({ code: 1, says });
  });
});

describe('maintenance-on and maintenance-off', () => {
  it('puts up a page with the expected end in GMT, and the undo takes it down', async () => {
    await using stage = new Stage();
    const page = join(stage.data, 'maintenance.html');
    expect(await stage.run('maintenance-on', 'upgrade 1.0.0')).toMatchObject({ code: 0 });
    expect(readFileSync(page, 'utf8')).toMatch(/back at \d\d:\d\d GMT/);
    expect(await stage.run('maintenance-on', 'upgrade 1.0.0')).toEqual({ code: 0, says: `${page} is up already` });
    expect(await stage.run('maintenance-off', 'abort-upgrade 1.0.0')).toMatchObject({ code: 0 });
    expect(existsSync(page)).toBe(false);
    expect(await stage.run('maintenance-off', 'abort-upgrade 1.0.0')).toEqual({ code: 0, says: '' });
  });

  it("leaves the operator's own page up when the transaction is undone", async () => {
    await using stage = new Stage();
    const page = stage.file('root/data/demo/maintenance.html', "the operator's own");
    await stage.run('maintenance-on', 'upgrade 1.0.0');
    await stage.run('maintenance-off', 'abort-upgrade 1.0.0');
    expect(readFileSync(page, 'utf8')).toBe("the operator's own");
  });

  it("shows the bundle's own page", async () => {
    await using stage = new Stage();
    stage.inBundle('pages/back-soon.html', '<p>Back at {{until}}</p>');
    const env = { MAINTENANCE_PAGE: 'pages/back-soon.html', MAINTENANCE_FILE: join(stage.top, 'down.html') };
    await stage.run('maintenance-on', 'install', env);
    expect(readFileSync(join(stage.top, 'down.html'), 'utf8')).toMatch(/^<p>Back at \d\d:\d\d GMT<\/p>$/);
  });

  it('puts the very page up again when taking it down is undone', async () => {
    await using stage = new Stage();
    const page = stage.file('root/data/demo/maintenance.html', 'as it was');
    expect(await stage.run('maintenance-off', 'upgrade 1.0.0')).toEqual({ code: 0, says: `${page} is down` });
    expect(await stage.run('maintenance-off', 'upgrade 1.0.0')).toEqual({ code: 0, says: `${page} is not up` });
    expect(await stage.run('maintenance-on', 'abort-upgrade 1.0.0')).toMatchObject({ code: 0 });
    expect(readFileSync(page, 'utf8')).toBe('as it was');
    expect(await stage.run('maintenance-on', 'abort-upgrade 1.0.0')).toEqual({ code: 0, says: '' });
  });

  it('fails where the page has no folder to stand in', async () => {
    await using stage = new Stage();
    const { code, says } = await stage.run('maintenance-on', 'install', { MAINTENANCE_FILE: '/no/such/page.html' });
    expect(code).toBe(1);
    expect(says).toBe('pkg:maintenance-on: cannot put up /no/such/page.html: its folder does not exist');
  });
});

function fixedPath(stage: Stage) {
  const path = join(stage.top, 'fixed-log');
  return { path, env: { DATA_LINKS: `${path}=log` } };
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
