import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findProcesses, processStart } from '../../src/system/index.ts';
import { freePort } from '../hooks/stage.ts';
import { inhabitantsOf } from './inhabitants.ts';
import { needs } from './needs.ts';
import { workbench } from './pkg.ts';

describe('a daemon that writes over its environment', () => {
  needs('nginx');

  let home = '';
  let daemon: readonly number[] = [];

  test('cannot be found by its variables, but by where it lives', async () => {
    const t = workbench();
    await t.ok('install', '--yes', await t.bundle('front', '1.0.0', await front()));
    const { pid } = (await t.ok('status', '--json')).json.services[0];
    expect(findProcesses({ PKG_ROOT: t.root })).toEqual([]);
    [home, daemon] = [t.home, inhabitantsOf(t.home)];
    expect(daemon).toContain(pid);
    expect(daemon.length).toBeGreaterThan(1);
  });

  test('has ended with the test that started it', () => {
    expect(inhabitantsOf(home)).toEqual([]);
    expect(daemon.filter((pid) => processStart(pid) !== null)).toEqual([]);
    expect(fs.existsSync(home)).toBe(false);
  });
});

/** A bundle with an nginx as its service. */
async function front() {
  const conf = 'events {}\npid {{data}}/pid;\nhttp { access_log off; server { listen 127.0.0.1:{{port}}; } }\n';
  return {
    files: { 'nginx.conf': conf },
    data: { directory: true },
    config: [{ path: 'nginx.conf', template: true }],
    services: {
      nginx: {
        start: ['nginx', '-e', '${data}/error.log', '-c', '${etc}/nginx.conf', '-g', 'daemon off;'],
        ports: [await freePort()],
        ready: { tcp: '127.0.0.1:${port}' },
      },
    },
  };
}
