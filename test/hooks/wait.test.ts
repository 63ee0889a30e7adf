import { once } from 'node:events';
import { appendFileSync, copyFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort, Stage, serve } from './stage.ts';

describe('wait-for-http', () => {
  it('goes on as soon as the address answers, also when asked twice', async () => {
    await using stage = new Stage();
    let asked = 0;
    await using site = await serve((_, response) => response.writeHead((asked += 1) < 3 ? 503 : 200).end());
    const env = { WAIT_URL: site.url };
    expect(await stage.run('wait-for-http', 'install', env)).toEqual({ code: 0, says: `${site.url} answered 200` });
    expect(await stage.run('wait-for-http', 'install', env)).toMatchObject({ code: 0 });
    expect(asked).toBe(4);
  });

  it('says which address kept silent, for how long, and what it answered last', async () => {
    await using stage = new Stage();
    const url = `http://127.0.0.1:${await freePort()}/`;
    expect(await stage.run('wait-for-http', 'install', { WAIT_URL: url, WAIT_TIMEOUT: '300ms' })).toEqual({
      code: 1,
      says: `pkg:wait-for-http: ${url} did not answer 200 within 300 ms (last: connection refused)`,
    });
  });

  it('is not content with the old version behind the same address', async () => {
    await using stage = new Stage();
    await using site = await serve((_, response) => response.writeHead(200, { 'x-version': '1.0.0' }).end('old'));
    // Long enough to be asked at least once, however busy the machine is.
    const env = { WAIT_URL: site.url, WAIT_HEADER: 'X-Version: 1.1.0', WAIT_TIMEOUT: '2s' };
    const { code, says } = await stage.run('wait-for-http', 'upgrade 1.0.0', env);
    expect(code).toBe(1);
    expect(says).toContain('(last: X-Version is 1.0.0, not 1.1.0)');
    const text = await stage.run('wait-for-http', 'install', { ...env, WAIT_HEADER: '', WAIT_TEXT: 'new' });
    expect(text.says).toContain('the body does not contain "new"');
  });

  it('does not wait for ever for an address that accepts and says nothing', async () => {
    await using stage = new Stage();
    await using site = await serve(() => {});
    const { code, says } = await stage.run('wait-for-http', 'install', { WAIT_URL: site.url, WAIT_TIMEOUT: '300ms' });
    expect(code).toBe(1);
    expect(says).toContain('(last: no answer)');
  });

  it('says what it was told last, not that the time was over while it asked once more', async () => {
    await using stage = new Stage();
    let asked = 0;
    await using site = await serve((_, response) => {
      asked += 1;
      if (asked === 1) response.writeHead(503).end();
    });
    const { code, says } = await stage.run('wait-for-http', 'install', { WAIT_URL: site.url, WAIT_TIMEOUT: '2s' });
    expect(code).toBe(1);
    expect(says).toContain('did not answer 200 within 2 s (last: status 503)');
    expect(asked).toBe(2);
  });

  it('tells an answer that never ends from none', async () => {
    await using stage = new Stage();
    await using site = await serve((_, response) => void response.writeHead(200).write('half'));
    const { says } = await stage.run('wait-for-http', 'install', { WAIT_URL: site.url, WAIT_TIMEOUT: '300ms' });
    expect(says).toContain('(last: status 200, but the body has no end)');
  });

  it('works in a bundle whose package.json says its files are modules', async () => {
    await using stage = new Stage();
    await using site = await serve((_, response) => response.end());
    stage.inBundle('package.json', '{ "type": "module" }');
    const copy = join(stage.bundle, 'wait-for-http');
    copyFileSync(join(import.meta.dirname, '../../hooks/wait-for-http'), copy);
    expect(await stage.run(copy, 'install', { WAIT_URL: site.url })).toMatchObject({ code: 0 });
  });

  it('asks for the address when none is given', async () => {
    await using stage = new Stage();
    expect(await stage.run('wait-for-http', 'install')).toMatchObject({
      code: 1,
      says: expect.stringContaining('WAIT_URL is not set'),
    });
  });
});

describe('wait-for-port', () => {
  it('goes on when something accepts connections, on a port and on a socket', async () => {
    await using stage = new Stage();
    await using site = await serve(() => {});
    const socket = join(stage.top, 'app.sock');
    const server = createServer().listen(socket);
    await once(server, 'listening');
    const env = { WAIT_PORT: `${site.port} localhost:${site.port} ${socket}` };
    expect(await stage.run('wait-for-port', 'install', env)).toMatchObject({ code: 0 });
    expect(await stage.run('wait-for-port', 'install', env)).toMatchObject({ code: 0 });
    server.close();
  });

  it('says which port stayed closed', async () => {
    await using stage = new Stage();
    const port = await freePort();
    expect(await stage.run('wait-for-port', 'install', { WAIT_PORT: `${port}`, WAIT_TIMEOUT: '0.3' })).toEqual({
      code: 1,
      says: `pkg:wait-for-port: ${port} did not accept a connection within 0.3 s (last: connection refused)`,
    });
  });
});

describe('wait-for-log-line', () => {
  const env = { WAIT_LOG: 'app.log', WAIT_LINE: 'Server listening', WAIT_ALARM: '\\[emerg\\]', WAIT_TIMEOUT: '300ms' };

  it('finds the line that was written after note-log-end', async () => {
    await using stage = new Stage();
    const log = stage.file('root/data/demo/app.log', '[info] Server listening, 1.0.0\n');
    expect(await stage.run('note-log-end', 'upgrade 1.0.0', env)).toMatchObject({ code: 0 });
    appendFileSync(log, '[info] stopping\n[info] Server listening, 1.1.0\n');
    const done = { code: 0, says: '[info] Server listening, 1.1.0' };
    expect(await stage.run('wait-for-log-line', 'upgrade 1.0.0', env)).toEqual(done);
    expect(await stage.run('wait-for-log-line', 'upgrade 1.0.0', env)).toEqual(done);
  });

  it('does not take the line of the last start for the one of this start', async () => {
    await using stage = new Stage();
    stage.file('root/data/demo/app.log', '[info] Server listening, 1.0.0\n');
    await stage.run('note-log-end', 'upgrade 1.0.0', env);
    const { code, says } = await stage.run('wait-for-log-line', 'upgrade 1.0.0', env);
    expect(code).toBe(1);
    expect(says).toContain('got no line like /Server listening/ within 300 ms (last: no new line)');
  });

  it('waits for the end of a line that is still being written', async () => {
    await using stage = new Stage();
    const log = stage.file('root/data/demo/app.log', '');
    await stage.run('note-log-end', 'install', env);
    writeFileSync(log, 'Server listening');
    expect(await stage.run('wait-for-log-line', 'install', env)).toMatchObject({ code: 1 });
  });

  it('reads a log that was rotated meanwhile from its beginning', async () => {
    await using stage = new Stage();
    const log = stage.file('root/data/demo/app.log', `${'old\n'.repeat(100)}`);
    await stage.run('note-log-end', 'upgrade 1.0.0', env);
    renameSync(log, `${log}.1`);
    writeFileSync(log, 'Server listening\n');
    expect(await stage.run('wait-for-log-line', 'upgrade 1.0.0', env)).toMatchObject({ code: 0 });
  });

  it('fails at once on a line that must not appear, and repeats it', async () => {
    await using stage = new Stage();
    const log = stage.file('root/data/demo/app.log', '');
    await stage.run('note-log-end', 'install', env);
    writeFileSync(log, '[emerg] bind() failed\nServer listening\n');
    const { code, says } = await stage.run('wait-for-log-line', 'install', { ...env, WAIT_TIMEOUT: '20s' });
    expect(code).toBe(1);
    expect(says).toBe(`pkg:wait-for-log-line: ${log} says: [emerg] bind() failed`);
  });
});
