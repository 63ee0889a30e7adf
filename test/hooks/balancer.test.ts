import { once } from 'node:events';
import { Agent, get, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { freePort, Stage, serve } from './stage.ts';
import { untilSo } from '../support/until.ts';

describe('leave-balancer and join-balancer', () => {
  needs('haproxy');

  it('takes a server out, once, so that every request goes to the other one; the undo puts it back', async () => {
    await using balanced = await startBalanced();
    const { stage, env } = balanced;
    expect(await balanced.answers()).toEqual(new Set(['one', 'two']));
    expect(await stage.run('leave-balancer', 'upgrade 1.0.0', env)).toEqual({
      code: 0,
      says: 'web/one is out of the balancer',
    });
    expect(await balanced.answers()).toEqual(new Set(['two']));
    expect(await stage.run('leave-balancer', 'upgrade 1.0.0', env)).toMatchObject({ code: 0 });
    expect(await stage.run('join-balancer', 'abort-upgrade 1.0.0', env)).toEqual({ code: 0, says: '' });
    expect(await balanced.answers()).toEqual(new Set(['one', 'two']));
    expect(await stage.run('join-balancer', 'abort-upgrade 1.0.0', env)).toEqual({ code: 0, says: '' });
  });

  it('leaves a server out that was out before, when the change is undone', async () => {
    await using balanced = await startBalanced();
    const { stage, env } = balanced;
    await balanced.order('set server web/one state maint');
    await stage.run('leave-balancer', 'upgrade 1.0.0', env);
    await stage.run('join-balancer', 'abort-upgrade 1.0.0', env);
    expect(await balanced.answers()).toEqual(new Set(['two']));
  });

  it('joins when the server is healthy, and the undo brings back each state that was found', async () => {
    await using balanced = await startBalanced();
    const { stage, env } = balanced;
    await stage.run('leave-balancer', 'upgrade 1.0.0', env);
    expect(await stage.run('join-balancer', 'upgrade 1.0.0', env)).toEqual({
      code: 0,
      says: 'web/one is in the balancer',
    });
    expect(await balanced.answers()).toEqual(new Set(['one', 'two']));
    await stage.run('leave-balancer', 'abort-upgrade 1.0.0', env);
    expect(await balanced.answers()).toEqual(new Set(['two']));
    await stage.run('join-balancer', 'abort-upgrade 1.0.0', env);
    expect(await balanced.answers()).toEqual(new Set(['one', 'two']));
  });

  it('says that a server did not get healthy', async () => {
    await using balanced = await startBalanced();
    const { stage, env } = balanced;
    await stage.run('leave-balancer', 'upgrade 1.0.0', env);
    await balanced.one[Symbol.asyncDispose]();
    await untilSo(async () => /web,one,.*DOWN/.test(await balanced.order('show stat')));
    const { code, says } = await stage.run('join-balancer', 'upgrade 1.0.0', { ...env, JOIN_TIMEOUT: '300ms' });
    expect(code).toBe(1);
    expect(says).toMatch(/^pkg:join-balancer: web\/one is not up after 300ms \(HAProxy says DOWN/);
    await stage.run('leave-balancer', 'abort-upgrade 1.0.0', env);
    expect(await balanced.order('show servers state web')).toMatch(/ one 127\.0\.0\.1 \d 8 /);
  });

  it('waits for the sessions that are open, and says how many stayed', async () => {
    await using balanced = await startBalanced();
    const { stage, env } = balanced;
    await balanced.openSlow();
    const { code, says } = await stage.run('leave-balancer', 'upgrade 1.0.0', { ...env, DRAIN_TIMEOUT: '300ms' });
    expect(code).toBe(1);
    expect(says).toBe('pkg:leave-balancer: web/one still has 1 sessions after 300ms');
    balanced.endSlow();
    expect(await stage.run('leave-balancer', 'upgrade 1.0.0', env)).toMatchObject({ code: 0 });
    await stage.run('join-balancer', 'abort-upgrade 1.0.0', env);
    expect(await balanced.answers()).toEqual(new Set(['one', 'two']));
  });

  it('says what is wrong with a name or a socket', async () => {
    await using balanced = await startBalanced();
    const { stage, env } = balanced;
    const nobody = await stage.run('leave-balancer', 'install', { ...env, HAPROXY_SERVERS: 'web/nobody' });
    expect(nobody).toEqual({ code: 1, says: 'pkg:leave-balancer: HAProxy knows no server web/nobody' });
    const nowhere = await stage.run('join-balancer', 'install', { ...env, HAPROXY_SOCKET: '/no/socket' });
    expect(nowhere.says).toBe('pkg:join-balancer: HAProxy does not answer at /no/socket: no such socket');
  });
});

/** Two web servers behind a real HAProxy; `one` ends its answer to `/slow` when it is told to. */
async function startBalanced() {
  const stage = new Stage();
  const slow: ServerResponse[] = [];
  const one = await serve((request, response) => {
    if (request.url !== '/slow') return response.end('one');
    slow.push(response);
    response.write('one');
  });
  const two = await serve((_, response) => response.end('two'));
  const port = await freePort();
  const socket = join(stage.top, 'haproxy.sock');
  const config = stage.file('haproxy.cfg', configuration(port, socket, one.port, two.port));
  stage.start('haproxy', '-db', '-f', config);
  const order = (line: string) => tell(socket, line);
  await untilSo(async () => (await order('show stat').catch(() => '')).match(/web,(one|two),.*,UP/g)?.length === 2);
  const ask = (path: string) => once(get({ port, path, agent: new Agent() }), 'response') as Promise<[IncomingMessage]>;
  return {
    stage,
    one,
    order,
    env: { HAPROXY_SOCKET: socket, HAPROXY_SERVERS: 'web/one' },
    answers: async () => {
      const texts = new Set<string>();
      for (let asked = 0; asked < 6; asked += 1) {
        const [response] = await ask('/');
        texts.add(await text(response));
      }
      return texts;
    },
    openSlow: async () => {
      while (slow.length === 0) await ask('/slow');
    },
    endSlow: () => slow.forEach((response) => response.end()),
    [Symbol.asyncDispose]: async () => {
      await stage[Symbol.asyncDispose]();
      await two[Symbol.asyncDispose]();
      await one[Symbol.asyncDispose]();
    },
  };
}

function configuration(port: number, socket: string, one: number, two: number): string {
  return `global
  stats socket ${socket} level admin
defaults
  mode http
  timeout connect 2s
  timeout client 20s
  timeout server 20s
listen web
  bind 127.0.0.1:${port}
  balance roundrobin
  option httpchk GET /
  default-server check inter 100ms fall 1 rise 1
  server one 127.0.0.1:${one}
  server two 127.0.0.1:${two}
`;
}

async function tell(socket: string, line: string): Promise<string> {
  const channel = connect(socket);
  channel.end(`${line}\n`);
  return text(channel);
}
