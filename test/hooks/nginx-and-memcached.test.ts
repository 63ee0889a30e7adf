import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { freePort, Stage } from './stage.ts';
import { untilSo } from '../support/until.ts';

describe('test-and-reload-nginx', () => {
  needs('nginx');

  it('puts a good configuration to use, again and again', async () => {
    await using stage = new Stage();
    const nginx = await startNginx(stage, 'old');
    nginx.configure('new');
    const { code, says } = await stage.run('test-and-reload-nginx', 'upgrade 1.0.0', nginx.env);
    expect(says).toMatch(/^nginx, process \d+, has taken the configuration$/);
    expect(code).toBe(0);
    expect(await nginx.answer()).toBe('new');
    expect(await stage.run('test-and-reload-nginx', 'upgrade 1.0.0', nginx.env)).toMatchObject({ code: 0 });
  });

  it('keeps the old configuration when the new one is bad, and says where it is bad', async () => {
    await using stage = new Stage();
    const nginx = await startNginx(stage, 'old');
    nginx.configure('new"; no_such_word "');
    const { code, says } = await stage.run('test-and-reload-nginx', 'upgrade 1.0.0', nginx.env);
    expect(code).toBe(1);
    expect(says).toMatch(/^pkg:test-and-reload-nginx: the configuration is not good.*no_such_word.*nginx\.conf:\d+/);
    expect(await nginx.answer()).toBe('old');
  });

  it('notices that nginx could not take a configuration that looked good', async () => {
    await using stage = new Stage();
    const nginx = await startNginx(stage, 'old');
    const taken = await freePort();
    await using _blocker = await startNginx(new Stage(), 'other', taken);
    nginx.configure('new', taken);
    const env = { ...nginx.env, NGINX_TIMEOUT: '1s' };
    const { code, says } = await stage.run('test-and-reload-nginx', 'upgrade 1.0.0', env);
    expect(code).toBe(1);
    expect(says).toMatch(/address already in use|old workers still serve/);
    expect(await nginx.answer()).toBe('old');
  });

  it('only tests where nginx does not run', async () => {
    await using stage = new Stage();
    const port = await freePort();
    const { code, says } = await stage.run('test-and-reload-nginx', 'install', writeNginx(stage, 'text', port));
    expect(code).toBe(0);
    expect(says).toContain('nginx is not running');
  });
});

describe('fresh-cache', () => {
  needs('memcached');

  it('empties memcached, also when it is empty', async () => {
    await using stage = new Stage();
    const port = await freePort();
    stage.start('memcached', '-l', '127.0.0.1', '-p', `${port}`, '-u', 'nobody', '-U', '0');
    await untilSo(async () => (await tell(port, 'version').catch(() => '')).startsWith('VERSION'));
    expect(await tell(port, 'set page 0 0 3\r\nold')).toBe('STORED');
    const env = { MEMCACHED: `127.0.0.1:${port}` };
    const empty = { code: 0, says: `memcached at 127.0.0.1:${port} is empty` };
    expect(await stage.run('fresh-cache', 'upgrade 1.0.0', env)).toEqual(empty);
    expect(await tell(port, 'get page')).toBe('END');
    expect(await stage.run('fresh-cache', 'upgrade 1.0.0', env)).toEqual(empty);
  });

  it('fails where memcached may not be emptied', async () => {
    await using stage = new Stage();
    const port = await freePort();
    stage.start('memcached', '-F', '-l', '127.0.0.1', '-p', `${port}`, '-u', 'nobody', '-U', '0');
    await untilSo(async () => (await tell(port, 'version').catch(() => '')).startsWith('VERSION'));
    const { code, says } = await stage.run('fresh-cache', 'install', { MEMCACHED: `${port}` });
    expect(code).toBe(1);
    expect(says).toContain(`memcached at ${port} did not empty itself: CLIENT_ERROR`);
  });

  it('fails where nobody answers, as the address may be wrong', async () => {
    await using stage = new Stage();
    const port = await freePort();
    expect(await stage.run('fresh-cache', 'upgrade 1.0.0', { MEMCACHED: `${port}` })).toEqual({
      code: 1,
      says: `pkg:fresh-cache: memcached does not answer at ${port}: connection refused`,
    });
  });

  it('has nothing to empty where memcached is only about to come, and holds up no way back when it has gone', async () => {
    await using stage = new Stage();
    const port = await freePort();
    const socket = join(stage.top, 'memcached.sock');
    for (const action of ['install', 'abort-install', 'abort-upgrade 1.0.0', 'downgrade 2.0.0', 'remove'])
      expect(await stage.run('fresh-cache', action, { MEMCACHED: `${port} ${socket}` })).toEqual({
        code: 0,
        says: `no memcached runs at ${port}: it keeps nothing\nno memcached runs at ${socket}: it keeps nothing`,
      });
  });
});

async function startNginx(stage: Stage, word: string, port?: number) {
  const first = port ?? (await freePort());
  const env = writeNginx(stage, word, first);
  stage.start('nginx', '-c', env.NGINX_CONF, '-g', 'daemon off;');
  const answer = () => ask(first);
  await untilSo(async () => (await answer().catch(() => '')) === word);
  return {
    env,
    answer,
    configure: (next: string, further?: number) => writeNginx(stage, next, first, further),
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
}

function writeNginx(stage: Stage, word: string, port: number, further?: number) {
  const at = (name: string) => join(stage.top, name);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const conf = `pid ${at('nginx.pid')};
error_log ${at('error.log')};
worker_processes 1;
events {}
http {
  access_log off;
${temporary.map((name) => `  ${name}_temp_path ${at(name)};`).join('\n')}
  server {
    listen 127.0.0.1:${port};
    ${further === undefined ? '' : `listen 127.0.0.1:${further};`}
    location / { return 200 "${word}"; }
  }
}
`;
  return { NGINX_CONF: stage.file('nginx.conf', conf), NGINX_PID: at('nginx.pid') };
}

async function ask(port: number): Promise<string> {
  const [response] = (await once(get({ port, agent: false }), 'response')) as [IncomingMessage];
  return text(response);
}

async function tell(port: number, line: string): Promise<string> {
  const channel = connect(port, '127.0.0.1').setEncoding('utf8');
  channel.write(`${line}\r\n`);
  const [answer] = await once(channel, 'data');
  channel.destroy();
  return String(answer).trim();
}
