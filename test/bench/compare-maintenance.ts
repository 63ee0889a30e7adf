import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './live-service.ts';
import { notMeasured, type Row, shown } from './report.ts';
import { has, median, run } from './run.ts';
import { newFolder, rounds, type World } from './world.ts';

const WHAT = 'a visitor sees the page after `pkg maintenance on` was typed';

/** From the command to the first visitor behind nginx who gets the page. */
export async function compareMaintenance(world: World): Promise<readonly Row[]> {
  if (!has('nginx')) return [notMeasured(WHAT, 'apt-get install nginx-light')];
  const root = join(world.folder, 'root-paged');
  const pkg = (...words: readonly string[]): string[] => [...world.pkg, '--root', root, '-y', ...words];
  const source = newFolder(world, 'paged');
  writeFileSync(join(source, 'bundle.json'), JSON.stringify({ name: 'paged', version: '1.0.0' }));
  run(pkg('build', source, '-o', newFolder(world, 'archives-paged')));
  run(pkg('install', join(world.folder, 'archives-paged', 'paged-1.0.0.tgz')));
  const port = await freePort();
  const proxy = await startNginx(world, port, run(pkg('maintenance', 'proxy', 'nginx', 'paged')).stdout);
  try {
    const seconds: number[] = [];
    for (const _ of rounds(world, 'maintenance')) {
      const began = performance.now();
      const [program = '', ...words] = pkg('maintenance', 'on', 'paged');
      const command = promisify(execFile)(program, words);
      while ((await statusAt(port)) !== 503) await new Promise(setImmediate);
      seconds.push((performance.now() - began) / 1000);
      await command;
      run(pkg('maintenance', 'off', 'paged'));
    }
    const value = median(seconds);
    return [{ what: WHAT, measured: shown(value), value, unit: 's', target: 1 }];
  } finally {
    proxy.kill('SIGTERM');
    await once(proxy, 'exit');
  }
}

async function startNginx(world: World, port: number, lines: string): Promise<ChildProcess> {
  const home = newFolder(world, 'nginx');
  const [outside = '', inside = ''] = lines.split('# in the server block');
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const config = join(home, 'nginx.conf');
  writeFileSync(
    config,
    `${user} daemon off; pid ${home}/pid; events {}
http {
  access_log off;
  client_body_temp_path ${home}/body; proxy_temp_path ${home}/proxy; fastcgi_temp_path ${home}/fastcgi;
  uwsgi_temp_path ${home}/uwsgi; scgi_temp_path ${home}/scgi;
  ${outside}
  server { listen 127.0.0.1:${port}; ${inside} location = /favicon.ico { return 204; } }
}
`,
  );
  const proxy = spawn('nginx', ['-p', home, '-c', config, '-e', join(home, 'error.log')], { stdio: 'ignore' });
  while ((await statusAt(port)) === null) await new Promise(setImmediate);
  return proxy;
}

async function statusAt(port: number): Promise<number | null> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/favicon.ico`, { headers: { connection: 'close' } });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return null;
  }
}
