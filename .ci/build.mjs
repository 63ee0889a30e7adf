// Builds the program: src/ -> dist/, with everything it needs inside.  node .ci/build.mjs [CHECKOUT [DIST]]
// The new dist is made whole beside the old one and then takes its place: an interrupted build changes nothing.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { nodeModulesAsTheyAre } from './node-modules-as-they-are.mjs';
import { startTogether } from './start-together.mjs';

const checkout = resolve(process.argv[2] ?? join(import.meta.dirname, '..'));
const dist = resolve(process.argv[3] ?? join(checkout, 'dist'));
const fresh = beside('new');
const started = new Date();

/** commander can start other programs for its commands; ours never does, and loading that costs every start 2 ms. */
const withoutSubprocesses = {
  name: 'without-subprocesses',
  resolveId: (id, importer) => (id === 'node:child_process' && importer?.includes('/commander/') ? '\0nothing' : null),
  load: (id) => (id === '\0nothing' ? 'export default {};' : null),
};

/** yoga would fetch the WebAssembly that stands in itself, and `fetch` takes the first screen 25 ms; without it, it decodes that. */
const withoutFetch = {
  name: 'without-fetch',
  transform: (code, id) => (id.includes('/yoga-layout/dist/binaries/') ? `var fetch;\n${code}` : null),
};

removeLeftovers();
await bundle().catch(giveUp);
copyHooks();
copySchema();
writeLauncher();
takePlace();

/** One chunk for the start, one per command that is imported lazily; the workers and the library are entries of their own. */
async function bundle() {
  const entries = { main: 'src/main.ts', index: 'src/index.ts', ...workers() };
  const [main, ...others] = Object.values(entries).map((file) => join(checkout, file));
  const { plugin: findStart, isInGroup } = startTogether(main, others);
  const build = await rolldown({
    cwd: checkout,
    input: entries,
    preserveEntrySignatures: 'allow-extension',
    platform: 'node',
    tsconfig: false,
    resolve: {
      // jsonc-parser's `main` is a UMD file whose requires cannot be followed.
      mainFields: ['module', 'main'],
      // ink asks for it in development only, but behind a test that no bundler can see through.
      alias: { 'react-devtools-core': join(import.meta.dirname, 'react-devtools-stub.mjs') },
    },
    plugins: [withoutSubprocesses, withoutFetch, nodeModulesAsTheyAre, findStart],
    transform: { target: 'node24', define: { 'process.env.NODE_ENV': '"production"' } },
    onLog(level, log) {
      // What closes a circle in the source is loaded later there; here it may stand in the same file.
      if (log.code === 'INEFFECTIVE_DYNAMIC_IMPORT') return;
      throw new Error(`${level}: ${log.message}`);
    },
  });
  await build.write({
    dir: fresh,
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name]-[hash].mjs',
    codeSplitting: { includeDependenciesRecursively: false, groups: [{ name: 'start', test: isInGroup }] },
    // Short files start faster; names stay, so that a stack trace can be read.
    minify: { compress: { keepNames: { function: true, class: true } }, mangle: false, codegen: true },
  });
  await build.close();
}

/** A worker is started by its file name, so it is an entry: src/bundle/unpack/unpack-worker.ts -> dist/unpack-worker.mjs. */
function workers() {
  const names = readdirSync(join(checkout, 'src/bundle/unpack')).filter((name) => name.endsWith('-worker.ts'));
  return Object.fromEntries(names.map((name) => [basename(name, '.ts'), `src/bundle/unpack/${name}`]));
}

function giveUp(error) {
  console.error(`cannot build ${dist}: ${error.message}`);
  rmSync(fresh, { recursive: true, force: true });
  process.exit(1);
}

/** `pkg build` copies ready-made hooks from here into bundles, so they keep their mode; only programs have no ending. */
function copyHooks() {
  cpSync(join(checkout, 'hooks'), join(fresh, 'hooks'), { recursive: true });
  for (const name of readdirSync(join(fresh, 'hooks'))) {
    chmodSync(join(fresh, 'hooks', name), name.includes('.') ? 0o644 : 0o755);
  }
}

function copySchema() {
  const schema = join(checkout, 'docs/bundle.schema.json');
  if (existsSync(schema)) cpSync(schema, join(fresh, 'bundle.schema.json'));
}

/** The launcher is CommonJS, and stands in a folder of ES modules: dist says so for its own files. */
function writeLauncher() {
  const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
  const launcher = readFileSync(join(checkout, 'src/launcher/pkg.js'), 'utf8').replace('@VERSION@', version);
  writeFileSync(join(fresh, 'package.json'), '{ "type": "commonjs" }\n');
  writeFileSync(join(fresh, 'pkg.js'), launcher);
  chmodSync(join(fresh, 'pkg.js'), 0o755);
  // What is edited while the build runs is newer than the build.
  utimesSync(join(fresh, 'pkg.js'), started, started);
}

function takePlace() {
  const old = beside('old');
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(fresh, dist);
  rmSync(old, { recursive: true, force: true });
}

function beside(word) {
  return join(dirname(dist), `.${basename(dist)}-${process.pid}-${word}`);
}

/** What builds left behind that did not live to their end. */
function removeLeftovers() {
  mkdirSync(dirname(dist), { recursive: true });
  for (const name of readdirSync(dirname(dist)).filter((entry) => entry.startsWith(`.${basename(dist)}-`))) {
    const pid = Number(name.split('-').at(-2));
    if (!isAlive(pid)) rmSync(join(dirname(dist), name), { recursive: true });
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
