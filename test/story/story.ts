// The main job on real input, as a story on the screen: `npm start`. Everything happens below one temporary folder.
import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chapter, checkout, pkg, program, run, runFile, tell } from './narrator.ts';
import { startVisitors, type Visits } from './visitors.ts';
import { startWebServer } from './web-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'pkg-story-'));
const root = join(folder, 'root');
const bundle = (name: string): string => join(folder, 'bundles', `${name}.tgz`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

await buildBundles();
await installTogether();
await switchUnderLoad();
await packItself();
sayWhatNext();

async function buildBundles(): Promise<void> {
  chapter('1. Build bundles');
  for (const name of [
    'perl-5.6.0',
    'mod_perl-1.26.0',
    'perl-5.8.0',
    'mod_perl-1.27.0',
    'site-1.0.0',
    'site-2.0.0',
    'site-2.1.0',
  ]) {
    const source = join(checkout, 'fixtures', name);
    const built = await run([program, 'build', source, '-o', join(folder, 'bundles')]);
    if (built.exit !== 0) throw new Error(built.talk);
    tell(`  fixtures/${name} -> ${name}.tgz (${statSync(bundle(name)).size} bytes)`);
  }
}

async function installTogether(): Promise<void> {
  chapter('2. Two bundles that need each other: alone each is refused, together they are one change');
  await pkg(root, ['install', bundle('perl-5.6.0'), bundle('mod_perl-1.26.0'), '--yes']);
  await pkg(root, ['install', bundle('perl-5.8.0'), '--yes'], 3);
  await pkg(root, ['install', bundle('mod_perl-1.27.0'), '--yes'], 3);
  await pkg(root, ['install', bundle('perl-5.8.0'), bundle('mod_perl-1.27.0'), '--yes']);
}

async function switchUnderLoad(): Promise<void> {
  chapter('3. Switch versions below a running web server, while requests pour in');
  await pkg(root, ['install', bundle('site-1.0.0'), '--yes']);
  const server = await startWebServer(root);
  tell(`  a web server (pid ${server.pid}) reads through ${root}/current; eight visitors ask without a pause`);
  const visitors = startVisitors(server.port);
  await pkg(root, ['install', bundle('site-2.0.0'), '--yes']);
  tell('  the next version has a hook that fails; watch it being undone:');
  await pkg(root, ['install', bundle('site-2.1.0'), '--yes'], 1);
  tell('  and back to where we were:');
  await pkg(root, ['rollback', '--yes']);
  const visits = await visitors.stop();
  await server.stop();
  tellVisits(visits);
}

function tellVisits({ answers, failed, mixed, versions }: Visits): void {
  const byVersion = [...versions].map(([version, count]) => `${version}: ${count}`).join(', ');
  tell(
    `  ${answers} answers (${byVersion}), ${failed} failed, ${mixed} mixed from two versions; the server was never restarted`,
  );
  if (failed + mixed > 0 || versions.size < 2)
    throw new Error('an answer failed or was mixed, or a version was never seen');
}

async function packItself(): Promise<void> {
  chapter('4. pkg itself, with its Node, as a bundle: the way to a machine that has no Node');
  const packed = await run([join(checkout, '.ci/self-bundle.mjs'), join(folder, 'bundles')]);
  if (packed.exit !== 0) throw new Error(packed.talk);
  const archive = packed.out.trim();
  tell(`  ${archive}: ${Math.round(statSync(archive).size / 1e6)} MB packed`);
  await pkg(root, ['install', archive, '--yes']);
  const installed = await runFile(join(root, 'current/bin/pkg'), ['--version']);
  tell(`  $ current/bin/pkg --version\n  ${installed.out.trim()}`);
  if (installed.exit !== 0) throw new Error(installed.talk);
}

function sayWhatNext(): void {
  chapter('Now you');
  tell(`  alias pkg='${join(root, 'current/bin/pkg')} --root ${root}'`);
  for (const [words, effect] of [
    ['pkg status', 'what is installed, and what waits'],
    ['pkg history', 'everything that was tried, and how it ended'],
    ['pkg why perl', 'who needs it'],
    ['pkg plan rollback', 'what going back would do'],
    ['pkg rollback', 'go back'],
    ['pkg verify', 'every file against its digest'],
    ['pkg init my-app && pkg build my-app', 'a bundle of your own'],
  ] as const) {
    tell(`  ${words.padEnd(36)} ${effect}`);
  }
  tell(`\n  Everything is below ${folder}; it can simply be deleted: chmod -R u+w ${folder} && rm -r ${folder}`);
}
