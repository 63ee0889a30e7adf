import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { serviceBench } from '../operations/service-bench.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/pkg.ts';
import { onTerminal } from '../support/terminal.ts';

/** A running `web` that has printed one line. */
async function running() {
  const t = await serviceBench();
  await t.ok('install', '-y', await t.web('web', '1.0.0'));
  await t.ok('service', 'start', 'web');
  return { ...t, log: t.at('log/web.server.log') };
}

test('shows the last lines, as many as asked for', async () => {
  const t = await running();
  expect((await t.ok('logs', 'web')).out).toBe('listening as 1.0.0\n');
  fs.appendFileSync(t.log, Array.from({ length: 50 }, (_, n) => `line ${n}\n`).join(''));
  expect((await t.ok('logs', 'web/server')).lines).toHaveLength(20);
  expect((await t.ok('logs', '-n', '2', 'server')).lines).toEqual(['line 48', 'line 49']);
  expect((await t.ok('logs', '-n1', 'server')).lines).toEqual(['line 49']);
  expect((await t.ok('logs', '-n', '0', 'web')).out).toBe('');
  expect((await t.ok('logs', '--lines=1', 'web', '--json')).json).toMatchObject({ file: t.log, lines: ['line 49'] });
  expect((await t.pkg('logs', 'wbe')).err).toContain('did you mean: pkg logs web\n');
});

test('shows the log that the service declares, and what it printed until there is one', async () => {
  const t = await serviceBench();
  const log = { path: '${data}/own.log' };
  await t.ok('install', '-y', await t.web('web', '1.0.0', { log }, { data: { directory: true } }));
  expect((await t.pkg('logs', 'web')).err).toContain('it was never started');
  await t.ok('service', 'start', 'web');
  expect((await t.ok('logs', 'web')).out).toBe('listening as 1.0.0\n');
  fs.writeFileSync(t.at('data/web/own.log'), 'my own line\n');
  expect((await t.ok('logs', 'web')).out).toBe('my own line\n');
});

test('shows what a service printed that was removed since', async () => {
  const t = await running();
  await t.ok('service', 'stop', 'web');
  await t.ok('remove', '-y', 'web');
  expect((await t.ok('logs', 'web/server')).out).toBe('listening as 1.0.0\n');
  expect((await t.pkg('logs', 'web')).exit).toBe(1);
});

test('follows a log that is emptied or renamed meanwhile, and ends with the signal', async () => {
  const t = await running();
  const follow = t.start(['logs', '-f', '-n', '1', 'web']);
  await until('the last line', () => follow.outSoFar() === 'listening as 1.0.0\n');
  const comes = async (line: string) => {
    fs.appendFileSync(t.log, `${line}\n`);
    await until(line, () => follow.outSoFar().endsWith(`${line}\n`));
  };
  await comes('one');
  fs.copyFileSync(t.log, `${t.log}.1`);
  fs.truncateSync(t.log);
  await comes('two');
  fs.renameSync(t.log, `${t.log}.1`);
  fs.appendFileSync(`${t.log}.1`, 'last words\n');
  await comes('three');
  expect(follow.outSoFar()).toBe('listening as 1.0.0\none\ntwo\nlast words\nthree\n');
  follow.child.kill('SIGTERM');
  expect((await follow.ended).exit).toBe(0);
});

test('ends with the reader of its pipe', async () => {
  const t = await running();
  const follow = t.start(['logs', '-f', 'web']);
  await until('the last line', () => follow.outSoFar() !== '');
  follow.child.stdout.destroy();
  const writing = setInterval(() => fs.appendFileSync(t.log, 'more\n'), 50);
  expect((await follow.ended).exit).toBe(0);
  clearInterval(writing);
});

test('shows what a transaction printed', async () => {
  const t = await serviceBench();
  await t.ok('install', '-y', await t.bundle('web', '1.0.0', { hooks: { preinstall: 'echo said the hook' } }));
  const { out } = await t.ok('logs', '--transaction', '1');
  expect(out).toMatch(/==> web-.*preinstall.*\.log <==\n/);
  expect(out).toContain('said the hook');
  expect((await t.pkg('logs', '--transaction', '9')).exit).toBe(1);
});

test('shows no secret: one that is set meanwhile, is no longer used, or of a service that was removed', async () => {
  const t = await serviceBench();
  const answers = (key: string): string => {
    const file = t.at('../answers.json');
    fs.writeFileSync(file, JSON.stringify({ web: { key } }));
    return file;
  };
  const archive = await t.bundle('web', '1.0.0', {
    settings: { key: { type: 'string', secret: true }, port: { type: 'number', default: 8080 } },
    files: { 'bin/web': '#!/bin/sh\necho "key is $PKG_SETTING_KEY, port $PKG_SETTING_PORT"; exec sleep 600\n' },
    services: { server: { start: ['bin/web'] } },
  });
  const log = t.at('log/web.server.log');
  const printed = (...keys: readonly string[]) => {
    const lines = keys.map((key) => `key is ${key}, port 8080\n`);
    return until('what it prints', () => fs.existsSync(log) && fs.readFileSync(log, 'utf8') === lines.join(''));
  };
  await t.ok('install', '-y', '--settings', answers('open sesame'), archive);
  await printed('open sesame');
  const follow = t.start(['logs', '-f', 'web']);
  const hidden = ['key is ***, port 8080', 'key is ***, port 8080'];
  await until('the last line', () => follow.outSoFar() === `${hidden[0]}\n`);
  await t.ok('settings', 'set', '-y', 'web', '--settings', answers('hunter2secret'));
  await printed('open sesame', 'hunter2secret');
  await until('the next line', () => follow.outSoFar().split('\n').length > 2);
  expect(follow.outSoFar().trim().split('\n')).toEqual(hidden);
  follow.child.kill('SIGTERM');
  await follow.ended;
  expect((await t.ok('logs', 'web')).lines).toEqual(hidden);
  await t.ok('remove', '-y', '--stop', 'web');
  expect((await t.ok('logs', 'web/server')).lines).toEqual(hidden);
  expect((await t.ok('logs', 'web/server', '--json')).json.lines).toEqual(hidden);
});

describe('what a hook printed', () => {
  needs('script');

  test('cannot move the cursor of a terminal or turn letters round, and is left alone in a pipe', async () => {
    const t = await serviceBench();
    const preinstall = String.raw`printf 'gone\033[2J\033[32m\342\200\256back\r\n\tnext\n'`;
    await t.ok('install', '-y', await t.bundle('web', '1.0.0', { hooks: { preinstall } }));
    expect((await t.ok('logs', '--transaction', '1')).out).toContain('gone\u001b[2J\u001b[32m\u202eback\r\n\tnext\n');
    const { screen } = await onTerminal(t, ['logs', '--transaction', '1'], []);
    expect(screen).toContain(`${String.raw`gone\x1b[2J`}\u001b[32m${String.raw`\u{202e}back`}`);
    expect(screen).not.toContain(String.raw`\x0d`);
    expect(screen).toMatch(/^\tnext\r?$/m);
  });
});
