import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ServiceBench, serviceBench } from '../operations/service-bench.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/pkg.ts';
import { bootedMachine } from '../support/systemd.ts';

/** Makes the folder, builds it as it is, and answers the archive. */
async function madeFrom(template: string, t: ServiceBench): Promise<string> {
  const folder = path.join(t.home, 'my-app');
  await t.ok('init', folder, '--template', template);
  return (await t.ok('build', folder, '-o', t.home)).out.trim();
}

/** Installs it with a port of its own and answers what the service says. */
async function installedAnswer(archive: string, t: ServiceBench): Promise<string> {
  const port = await t.portOf('my-app');
  await t.ok('install', '-y', '--set', `my-app.port=${port}`, archive);
  const answer = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
  return answer.text();
}

test('a folder for Node is a service that answers as soon as it is installed', async () => {
  const t = await serviceBench();
  expect(await installedAnswer(await madeFrom('node', t), t)).toBe('It works\n');
  // Another one at the same port finds it taken, and is not taken for running because the first one answers.
  const other = path.join(t.home, 'other');
  await t.ok('init', other, '--template', 'node');
  const archive = (await t.ok('build', other, '-o', t.home)).out.trim();
  const port = `other.port=${await t.portOf('my-app')}`;
  expect(await t.pkg('install', '-y', '--set', port, archive, '--json')).toMatchObject({
    exit: 7,
    error: { code: 'not-ready' },
  });
  expect(await t.installed()).toEqual(['my-app@1.0.0']);
});

describe('a folder for Erlang', () => {
  needs('erl');

  test('is a service that answers as soon as it is installed', async () => {
    const t = await serviceBench();
    expect(await installedAnswer(await madeFrom('erlang', t), t)).toBe('It works\n');
    await t.ok('service', 'stop', 'my-app');
  });
});

describe('a folder for systemd', () => {
  needs('root', 'systemctl', 'unshare');

  test('is a worker that systemd keeps', async () => {
    const t = await serviceBench();
    const archive = await madeFrom('systemd', t);
    const machine = await bootedMachine(t.home);
    const installed = await machine.pkg('install', '-y', '--set', 'my-app.seconds=1', archive);
    expect(installed.exit, installed.err).toBe(0);
    const { services } = JSON.parse((await machine.pkg('status', '--json')).out);
    expect(services).toMatchObject([{ bundle: 'my-app', name: 'worker', state: 'running', supervised: true }]);
    await until('one more round', () => t.read('log/my-app.worker.log').includes('one more round'));
  });
});
