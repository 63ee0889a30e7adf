// Makes a checkout ready: installs the locked packages and builds the program, each only when it is missing or stale.
// npm runs it too, as `prepare`: at the end of an install here, when the packages are just there, and for
// `npm install -g .`, which links this checkout but brings no packages.
// Old syntax, no dependencies: it runs on whatever Node the machine has.
'use strict';
var fs = require('fs');
var path = require('path');
var spawnSync = require('child_process').spawnSync;

var top = path.join(__dirname, '..');
var node = path.join(top, 'node_modules/.bin/node');
var installed = 'node_modules/.package-lock.json';

needNode(20);
if (process.env.npm_lifecycle_event !== 'prepare' || process.env.npm_config_global === 'true') install();
build();

function needNode(least) {
  if (Number(process.versions.node.split('.')[0]) >= least) return;
  fail('Node ' + process.versions.node + ' is too old to set up this checkout, ' + least + ' or newer is needed', 2);
}

// npm writes its own list of what is installed as the last thing: an interrupted install has none, and is repeated.
function install() {
  if (time(installed) >= time('package-lock.json') && nodeRuns()) return;
  console.error('installing the locked packages (npm ci) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'is the registry in reach? `npm ping` tells');
  if (!nodeRuns()) fail('the packages are installed, but ' + node + ' does not run on this machine', 1);
}

// Packages that came from another machine (a copied folder, a shared disk) may hold programs for another processor.
function nodeRuns() {
  return spawnSync(node, ['-v'], { stdio: 'ignore' }).status === 0;
}

function build() {
  var sources = ['src', 'hooks', 'docs/bundle.schema.json', 'package.json', '.ci/build.mjs', installed];
  if (time('dist/pkg.js') >= Math.max.apply(null, sources.map(newest))) return;
  if (!nodeRuns()) fail('cannot build: ' + node + ' is missing or does not run here; run: npm ci', 1);
  console.error('building dist/pkg.js …');
  run(node, ['.ci/build.mjs'], 'dist is as it was before');
}

// A folder counts too: a file that was removed leaves no other trace.
function newest(file) {
  var full = path.join(top, file);
  if (!fs.existsSync(full) || !fs.statSync(full).isDirectory()) return time(file);
  return fs.readdirSync(full).reduce(function (latest, name) {
    return Math.max(latest, newest(path.join(file, name)));
  }, time(file));
}

function time(file) {
  try {
    return fs.statSync(path.join(top, file)).mtimeMs;
  } catch (_) {
    return 0;
  }
}

function run(command, words, hint) {
  var done = spawnSync(command, words, { cwd: top, env: localEnv(), stdio: ['ignore', 2, 2] });
  if (done.status === 0) return;
  var why = done.error ? done.error.message : done.signal ? 'ended by ' + done.signal : 'ended with ' + done.status;
  fail('`' + path.basename(command) + ' ' + words[0] + '` failed (' + why + '): ' + hint, 1);
}

// Below `npm install -g`, npm would install into the global folder as well.
function localEnv() {
  var env = Object.assign({}, process.env);
  ['global', 'location', 'prefix', 'local_prefix'].forEach(function (name) {
    delete env['npm_config_' + name];
  });
  return env;
}

function fail(message, status) {
  console.error('pkg: ' + message);
  process.exit(status);
}
