#!/usr/bin/env node
// Starts the program on a Node that is new enough: this one, or one that lies beside. Old syntax (ES5, CommonJS) and no
// dependencies, because an old Node must be able to read this file to the end. The build puts the version in.
'use strict';

var NEEDED = 24;
var VERSION = '@VERSION@';

if (process.argv.length === 3 && process.argv[2] === '--version') sayVersion();
else if (majorOf(process.versions.node) >= NEEDED) require('./main.mjs');
else startAgain();

// Answered before anything is loaded. A plain write is several milliseconds cheaper than opening process.stdout.
function sayVersion() {
  try {
    require('fs').writeSync(1, VERSION + '\n');
  } catch (error) {
    if (error.code === 'EAGAIN') process.stdout.write(VERSION + '\n');
    else if (error.code !== 'EPIPE') {
      process.stderr.write('error[system-failed]: cannot write to stdout: ' + error.message + '\n');
      process.exitCode = 1;
    }
  }
}

function majorOf(version) {
  return Number(version.replace(/^v/, '').split('.')[0]);
}

function startAgain() {
  var node = findNode();
  var words = [__filename].concat(process.argv.slice(2));
  if (node === null) return sayNeeds();
  // execve keeps the process: same id, same signals, nothing to forward. Node has it since 22.15.
  if (typeof process.execve === 'function') process.execve(node, [node].concat(words), process.env);
  else spawnNode(node, words);
}

// The first Node beside the program that really runs here and is new enough. A file that cannot run (another processor,
// a missing library) is passed over, as execve would end the process on it.
function findNode() {
  var path = require('path');
  var fs = require('fs');
  var spawnSync = require('child_process').spawnSync;
  var places = [
    '../node_modules/node/bin/node',
    '../node_modules/.bin/node',
    '../../node/bin/node',
    '../bin/node',
    './node'
  ];
  var folders = [path.dirname(fs.realpathSync(__filename)), path.dirname(path.resolve(process.argv[1]))];
  for (var folder = 0; folder < folders.length; folder += 1) {
    for (var place = 0; place < places.length; place += 1) {
      var file = path.join(folders[folder], places[place]);
      if (!fs.existsSync(file)) continue;
      var asked = spawnSync(file, ['-v'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
      if (asked.status === 0 && majorOf(asked.stdout) >= NEEDED) return file;
    }
  }
  return null;
}

function sayNeeds() {
  process.stderr.write(
    'pkg: needs Node ' +
      NEEDED +
      ' or newer, this is ' +
      process.versions.node +
      ' (' +
      process.execPath +
      '); install a newer one, or put it beside as ' +
      require('path').join(__dirname, 'node') +
      '\n'
  );
  process.exitCode = 2;
}

function spawnNode(node, words) {
  var child = require('child_process').spawn(node, words, { stdio: 'inherit' });
  var signals = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGTSTP', 'SIGCONT'];
  var forward = function (signal) {
    // Without a job control shell above it, the kernel lets nobody be stopped by SIGTSTP.
    var passed = signal === 'SIGTSTP' ? 'SIGSTOP' : signal;
    if (!(isFromKeyboard(signal) && isInForeground())) child.kill(passed);
    if (signal === 'SIGTSTP') process.kill(process.pid, 'SIGSTOP');
  };
  signals.forEach(function (signal) {
    process.on(signal, forward);
  });
  child.on('error', function (error) {
    process.stderr.write('pkg: cannot start ' + node + ': ' + error.message + '\n');
    process.exitCode = 2;
  });
  child.on('exit', function (code, signal) {
    if (signal === null) process.exit(code);
    signals.forEach(function (name) {
      process.removeListener(name, forward);
    });
    process.exitCode = 128 + require('os').constants.signals[signal];
    process.kill(process.pid, signal);
  });
}

// The terminal sends these to the whole foreground group, so the program has them already. Twice would mean more than
// once: the second SIGINT also ends the running hook.
function isFromKeyboard(signal) {
  return signal === 'SIGINT' || signal === 'SIGQUIT' || signal === 'SIGTSTP';
}

function isInForeground() {
  try {
    var stat = require('fs').readFileSync('/proc/self/stat', 'utf8');
    var fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[2] === fields[5];
  } catch (error) {
    return Boolean(process.stdin.isTTY);
  }
}
