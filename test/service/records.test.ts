import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { forbiddenLine, listenersOn, logSize, readRecord, removeRecord, writeRecord } from '../../src/service/index.ts';
import { freePort, type ServiceWorld, serviceWorld } from './service-world.ts';

let world: ServiceWorld;
beforeEach(async () => {
  world = await serviceWorld();
});

describe('the record of a service', () => {
  test('is read as it was written, by nobody but its owner, and can be removed twice', async () => {
    const launch = world.launch();
    expect(readRecord(launch.runFile)).toBeNull();
    const record = await world.start(launch);
    expect(readRecord(launch.runFile)).toEqual(record);
    expect(fs.statSync(launch.runFile).mode & 0o777).toBe(0o600);
    await world.stop(record);
    removeRecord(launch.runFile);
    removeRecord(launch.runFile);
    expect(readRecord(launch.runFile)).toBeNull();
  });

  test('that is damaged is nothing, and kept beside', async () => {
    const { runFile } = world.launch();
    fs.mkdirSync(path.dirname(runFile), { recursive: true });
    for (const text of ['', '{"formatVersion":"1","pid"', 'null', '{"formatVersion":"1"}']) {
      fs.writeFileSync(runFile, text);
      expect(readRecord(runFile)).toBeNull();
      expect(fs.existsSync(runFile)).toBe(false);
      expect(fs.readFileSync(`${runFile}.damaged`, 'utf8')).toBe(text);
    }
  });

  test('of a newer pkg is not touched', () => {
    const { runFile } = world.launch();
    fs.mkdirSync(path.dirname(runFile), { recursive: true });
    fs.writeFileSync(runFile, '{"formatVersion":"2"}');
    expect(() => readRecord(runFile)).toThrow(expect.objectContaining({ code: 'newer-format' }));
    expect(fs.existsSync(runFile)).toBe(true);
  });

  test('written over another is never half there', async () => {
    const record = await world.start(world.launch());
    writeRecord(record.launch.runFile, { ...record, generation: 2 });
    expect(readRecord(record.launch.runFile)?.generation).toBe(2);
    expect(fs.readdirSync(path.dirname(record.launch.runFile))).toEqual(['web.server.json']);
  });
});

describe('the log of a service', () => {
  function withLog(text: string, service = { path: 'logs/error.log', mustNotMatch: '\\[(error|emerg)\\]' }) {
    const launch = world.launch({ log: service });
    world.write(service.path, text);
    return { launch, file: path.join(world.bundleDir, service.path) };
  }

  test('shows the first new line that must not be there', () => {
    const { launch, file } = withLog('[error] old\n');
    const from = logSize(launch);
    expect(from).toBe(12);
    expect(forbiddenLine(launch, from)).toBeNull();
    fs.appendFileSync(file, '[notice] fine\n[emerg] new\n[error] newer\n');
    expect(forbiddenLine(launch, from)).toBe('[emerg] new');
  });

  test('that was rotated is read from its start', () => {
    const { launch, file } = withLog('[notice] a long line before\n');
    const from = logSize(launch);
    fs.writeFileSync(file, '[error] after\n');
    expect(forbiddenLine(launch, from)).toBe('[error] after');
  });

  test('may be absent, forbid nothing, and be larger than one piece', () => {
    expect(logSize(world.launch({ log: { path: 'none.log' } }))).toBe(0);
    expect(forbiddenLine(world.launch({ log: { path: 'none.log', mustNotMatch: 'x' } }), 7)).toBeNull();
    expect(forbiddenLine(world.launch(), 0)).toBeNull();
    const line = `${'ü'.repeat(1000)}\n`;
    const { launch } = withLog(`${line.repeat(200)}${'ü'.repeat(999)} [error]`);
    expect(forbiddenLine(launch, 0)).toBe(`${'ü'.repeat(999)} [error]`);
  });
});

describe('the ports of the machine', () => {
  test.each(['127.0.0.1', '0.0.0.0', '::'])('show who listens on %s', async (host) => {
    const port = await freePort();
    const free = await freePort();
    const script = `require('net').createServer().listen(${port}, '${host}', () => console.log('up'))`;
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    const found = listenersOn([port, free]);
    expect([...found]).toEqual([[port, { pid: child.pid, command: expect.stringContaining('node') }]]);
  });
});
