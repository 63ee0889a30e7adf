import fs from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { endProcesses, findProcesses } from '../../src/system/index.ts';
import { freePort } from '../service/service-world.ts';
import { until, type Workbench, workbench } from '../support/pkg.ts';

/** Answers with its version; a version whose file says so never gets as far as that. */
const SERVER = `
import fs from 'node:fs';
import http from 'node:http';
const version = fs.readFileSync(process.env.PKG_BUNDLE_DIR + '/version', 'utf8');
console.log('starting ' + version);
const server = http.createServer((request, response) => response.writeHead(200, { 'x-version': version }).end());
if (!version.endsWith('-slow')) server.listen(Number(process.argv[2]), '127.0.0.1');
setInterval(() => {}, 1000);
`;

async function running(onUpgrade: 'restart' | 'replace') {
  const t = workbench();
  onTestFinished(async () => {
    await endProcesses({ PKG_ROOT: t.root }, { graceMs: 0 });
  });
  const ports = [await freePort(), await freePort()] as const;
  const web = (version: string): Promise<string> =>
    t.bundle('web', version, {
      files: { 'server.mjs': SERVER, version },
      services: {
        server: {
          start: [process.execPath, 'server.mjs', '${port}'],
          ports,
          ready: { http: 'http://127.0.0.1:${port}/', header: { 'x-version': '${version}' }, timeout: '60s' },
          onUpgrade,
        },
      },
    });
  await t.ok('install', '--yes', await web('1.0.0'));
  const answer = await fetch(`http://127.0.0.1:${ports[0]}/`);
  expect(answer.headers.get('x-version')).toBe('1.0.0');
  return { ...t, web, ports };
}

const servers = (t: Workbench) => findProcesses({ PKG_ROOT: t.root, PKG_SERVICE: 'web/server' });

describe('pkg is killed while the new version is not ready yet', () => {
  test.each(['restart', 'replace'] as const)('%s: recover leaves exactly the old one running', async (onUpgrade) => {
    const t = await running(onUpgrade);
    const before = servers(t);
    const { child, ended } = t.start(['install', '--yes', await t.web('2.0.0-slow')]);
    await until('the new version starts', () => t.read('log/web.server.log').includes('starting 2.0.0-slow'));
    child.kill('SIGKILL');
    await ended;
    await t.ok('recover');
    const after = servers(t);
    expect(after).toHaveLength(1);
    if (onUpgrade === 'replace') expect(after).toEqual(before);
    const answer = await fetch(`http://127.0.0.1:${t.ports[0]}/`);
    expect(answer.headers.get('x-version')).toBe('1.0.0');
    expect(fs.readdirSync(t.at('run'))).toEqual(['web.server.json']);
    expect((await t.ok('recover')).err).toContain('nothing to recover');
  });
});
