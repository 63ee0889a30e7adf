// Makes a checkout ready: installs the locked packages and builds the program, each only when it is missing or stale.
// Old syntax, no dependencies: it runs on whatever Node the machine has.
'use strict';
var fs = require('fs');
var path = require('path');
var spawnSync = require('child_process').spawnSync;

var top = path.join(__dirname, '..');
var major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error('pkg: Node ' + process.versions.node + ' is too old to set up this checkout, 20 or newer is needed');
  process.exit(2);
}

function time(file) {
  try {
    return fs.statSync(path.join(top, file)).mtimeMs;
  } catch (_) {
    return 0;
  }
}

function newest(folder) {
  return fs.readdirSync(path.join(top, folder), { withFileTypes: true }).reduce(function (latest, entry) {
    var below = path.join(folder, entry.name);
    return Math.max(latest, entry.isDirectory() ? newest(below) : time(below));
  }, 0);
}

function run(what, command, words) {
  console.error(what);
  var done = spawnSync(command, words, { cwd: top, stdio: ['ignore', 2, 2] });
  if (done.status !== 0) process.exit(done.status || 1);
}

if (time('node_modules/.package-lock.json') < time('package-lock.json') || !time('node_modules/.bin/node')) {
  run('installing the locked packages (npm ci) …', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}
if (time('dist/pkg.js') < Math.max(newest('src'), newest('hooks'), time('package.json'), time('.ci/build.mjs'))) {
  run('building dist/pkg.js …', path.join(top, 'node_modules/.bin/node'), ['.ci/build.mjs']);
}
