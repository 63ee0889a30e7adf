import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { askControl } from '../../src/service/index.ts';
import { findProcesses } from '../../src/system/index.ts';
import { type ServiceWorld, serviceWorld } from './service-world.ts';
import { untilSo } from '../support/until.ts';

let world: ServiceWorld;
let log = '';
beforeEach(async () => {
  world = await serviceWorld();
  log = path.join(world.folder, 'root', 'log', 'ctl.log');
});

/** Asks a control program made of lines of shell. */
function ask(script: string, timeoutMs = 10_000, secrets: readonly string[] = []) {
  const program = world.write('ctl', `#!/bin/sh\n${script}\n`);
  return askControl({
    program,
    verb: 'migrate',
    request: { from: '1.0.0', to: '1.1.0' },
    timeoutMs,
    env: { PATH: '/usr/bin:/bin', PKG_ROOT: path.join(world.folder, 'root') },
    cwd: world.bundleDir,
    log,
    abort: world.abort.signal,
    secrets,
  });
}

const refused = (message: string) => ({
  code: 'control-failed',
  message: `${path.join(world.bundleDir, 'ctl')} migrate ${message}`,
  details: { log },
});

describe('a control program', () => {
  test('gets the verb and the request, and its last line is the answer', async () => {
    expect(await ask('echo hello; echo "{\\"verb\\": \\"$1\\", \\"asked\\": $(cat /dev/stdin)}"')).toEqual({
      verb: 'migrate',
      asked: { from: '1.0.0', to: '1.1.0' },
    });
  });

  test('may talk on stderr, which is kept in the log', async () => {
    expect(await ask('echo moving >&2; echo true')).toBe(true);
    expect(fs.readFileSync(log, 'utf8')).toBe('moving\n');
  });

  test('may talk of a secret, which is *** in its log and in what it is told to have said', async () => {
    const said = ask('echo "the word is söam" >&2; echo "söam is wrong"', 10_000, ['söam']);
    await expect(said).rejects.toMatchObject(refused('gave no JSON, but: *** is wrong'));
    expect(fs.readFileSync(log, 'utf8')).toBe('the word is ***\n');
  });

  test('that fails, says no, nothing or nonsense is believed in none of them', async () => {
    await expect(ask('exit 3')).rejects.toMatchObject(refused('ended with exit status 3'));
    await expect(ask('echo "{\\"ok\\":false,\\"error\\":\\"busy\\"}"; exit 1')).rejects.toMatchObject(
      refused('ended with exit status 1: busy'),
    );
    await expect(ask('echo "{\\"ok\\":false,\\"error\\":\\"busy\\"}"')).rejects.toMatchObject(refused('said no: busy'));
    await expect(ask('exit 0')).rejects.toMatchObject(refused('gave no answer'));
    await expect(ask('echo done')).rejects.toMatchObject(refused('gave no JSON, but: done'));
    await expect(ask('kill -9 $$')).rejects.toMatchObject(refused('was ended by SIGKILL'));
  });

  test('that cannot be run says why', async () => {
    const message = `${world.bundleDir}/ctl migrate cannot run ${world.bundleDir}/ctl: its interpreter /bin/none does not exist`;
    world.write('ctl', '');
    fs.rmSync(path.join(world.bundleDir, 'ctl'));
    world.write('ctl', '#!/bin/none\n');
    await expect(
      askControl({
        program: path.join(world.bundleDir, 'ctl'),
        verb: 'migrate',
        request: null,
        timeoutMs: 1_000,
        env: {},
        cwd: world.bundleDir,
        log,
        abort: world.abort.signal,
      }),
    ).rejects.toMatchObject({ code: 'control-failed', message });
  });

  test('that is silent past its time is ended with all it started', async () => {
    await expect(ask('sleep 1000 & sleep 1001', 200)).rejects.toMatchObject(refused('did not end in time'));
    expect(findProcesses({ PKG_ROOT: path.join(world.folder, 'root') })).toEqual([]);
  });

  test('is ended when the operator interrupts it', async () => {
    const isAsked = () => fs.existsSync(path.join(world.bundleDir, 'asked'));
    await Promise.all([
      expect(ask('touch asked; exec sleep 1000')).rejects.toMatchObject(refused('was interrupted')),
      untilSo(isAsked).then(() => world.abort.abort()),
    ]);
  });
});
