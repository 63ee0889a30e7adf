import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { packBundle } from '../../src/bundle/index.ts';
import { needs } from '../support/needs.ts';
import { Stage } from './stage.ts';

const TOP = join(import.meta.dirname, '../..');
const fixture = (name: string) => join(TOP, 'fixtures', name);

describe('the bundles of the demonstration', () => {
  it('build as they are, without a warning', async () => {
    await using stage = new Stage();
    // The frame for pkg itself is filled in when it is packed.
    const names = readdirSync(join(TOP, 'fixtures')).filter(
      (name) => name !== 'pkg' && existsSync(join(fixture(name), 'bundle.json')),
    );
    expect(names).toHaveLength(11);
    for (const name of names) {
      const packed = await packBundle({ folder: fixture(name), outDir: stage.top, hookLibrary: join(TOP, 'hooks') });
      expect({ name: `${packed.name}-${packed.version}`, warnings: packed.warnings }).toEqual({ name, warnings: [] });
    }
  });
});

describe('perl and mod_perl', () => {
  needs('perl');

  it('say which versions are together', async () => {
    const { stdout } = await execa(join(fixture('mod_perl-1.27.0'), 'bin/mod_perl-version'), {
      env: { PATH: `${fixture('perl-5.8.0')}/bin:${process.env.PATH}` },
    });
    expect(stdout).toBe('mod_perl 1.27.0 on perl 5.8.0');
    expect((await execa(join(fixture('perl-5.6.0'), 'bin/perl'), ['--version'])).stdout).toBe('This is perl, v5.6.0');
  });
});

describe('the hooks of the site', () => {
  it('build the search index, twice as once, and put the old one back', async () => {
    await using stage = new Stage();
    const index = stage.file('root/data/demo/search-index', 'the old index\n');
    const env = { PKG_BUNDLE_DIR: fixture('site-2.0.0'), PKG_VERSION: '2.0.0' };
    for (const _ of ['once', 'twice']) {
      expect(await stage.run(siteHook('2.0.0', 'build-index'), 'upgrade 1.0.0', env)).toEqual({ code: 0, says: '' });
    }
    expect(readFileSync(index, 'utf8')).toMatch(/^site 2\.0\.0\nboats\.html:<h1>The boats\n/);
    for (const _ of ['once', 'twice']) {
      await stage.run(siteHook('2.0.0', 'restore-index'), 'abort-upgrade 1.0.0', env);
      expect(readFileSync(index, 'utf8')).toBe('the old index\n');
    }
  });

  it('fail in 2.1.0 with the reason, and leave no index where there was none', async () => {
    await using stage = new Stage();
    const env = { PKG_BUNDLE_DIR: fixture('site-2.1.0'), PKG_VERSION: '2.1.0' };
    expect(await stage.run(siteHook('2.1.0', 'check-pages'), 'upgrade 2.0.0', env)).toEqual({ code: 0, says: '' });
    expect(await stage.run(siteHook('2.1.0', 'build-index'), 'upgrade 2.0.0', env)).toEqual({
      code: 1,
      says: 'site 2.1.0: cannot build the search index: pages/search.html has no form to search with',
    });
    expect(await stage.run(siteHook('2.1.0', 'restore-index'), 'abort-upgrade 2.0.0', env)).toMatchObject({ code: 0 });
    expect(existsSync(join(stage.data, 'search-index'))).toBe(false);
  });

  it('notice a page of another version', async () => {
    await using stage = new Stage();
    const env = { PKG_BUNDLE_DIR: fixture('site-1.0.0'), PKG_VERSION: '2.0.0' };
    expect(await stage.run(siteHook('2.0.0', 'check-pages'), 'upgrade 1.0.0', env)).toEqual({
      code: 1,
      says: 'site 2.0.0: VERSION is of another version',
    });
  });
});

describe('the web server beside pkg', () => {
  it('answers wholly old or wholly new while current is switched under it', async () => {
    await using stage = new Stage();
    const root = join(stage.top, 'root');
    for (const [number, version] of [[1, '1.0.0'] as const, [2, '2.0.0'] as const]) {
      mkdirSync(join(root, `generations/${number}/bundles`), { recursive: true });
      symlinkSync(fixture(`site-${version}`), join(root, `generations/${number}/bundles/site`));
    }
    switchTo(root, 1);
    const port = await startServer(stage, root);
    const seen = new Set<string>();
    const visitor = async () => {
      for (let asked = 0; asked < 50; asked += 1) {
        const { status, version, body } = await ask(port, asked % 3 === 0 ? '/search' : '/');
        expect([status, new Set(body.match(/site \d\.\d\.\d/g))]).toEqual([200, new Set([version])]);
        seen.add(String(version));
      }
    };
    const left = new AbortController();
    const visits = Promise.all(Array.from({ length: 8 }, visitor)).finally(() => left.abort());
    for (let turn = 0; !left.signal.aborted; turn += 1) {
      switchTo(root, 1 + (turn % 2));
      await new Promise(setImmediate);
    }
    await visits;
    expect(seen).toEqual(new Set(['site 1.0.0', 'site 2.0.0']));
  });

  it('knows every page its navigation names, and nothing outside the site', async () => {
    await using stage = new Stage();
    const root = join(stage.top, 'root');
    mkdirSync(join(root, 'generations/1/bundles'), { recursive: true });
    symlinkSync(fixture('site-1.0.0'), join(root, 'generations/1/bundles/site'));
    switchTo(root, 1);
    const port = await startServer(stage, root);
    const walked = await stage.run('walk-pages', 'install', { WALK_URL: `http://127.0.0.1:${port}/` });
    expect(walked).toEqual({ code: 0, says: '14 addresses walked, none is dead' });
    expect((await ask(port, '/assets/%2e%2e/bundle.json')).status).toBe(404);
  });
});

function siteHook(version: string, name: string): string {
  return join(fixture(`site-${version}`), 'hooks', name);
}

function switchTo(root: string, generation: number): void {
  symlinkSync(`generations/${generation}`, join(root, 'current.new'));
  renameSync(join(root, 'current.new'), join(root, 'current'));
}

async function startServer(stage: Stage, root: string): Promise<number> {
  const server = stage.start(process.execPath, join(fixture('web-server'), 'serve.mjs'), root);
  if (server.stdout === null) throw new Error('the server has no output to read its port from');
  const [port] = await once(createInterface(server.stdout), 'line');
  return Number(port);
}

async function ask(port: number, path: string) {
  const [response] = (await once(get({ port, path, agent: false }), 'response')) as [IncomingMessage];
  return { status: response.statusCode, version: response.headers['x-version'], body: await text(response) };
}
