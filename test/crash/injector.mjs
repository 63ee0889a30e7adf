// Loaded into the program with NODE_OPTIONS=--import: counts every call that changes a file below some folders, in all
// threads together, and at one of them kills the process or lets the call fail.
//   FAULT_BELOW   folders, separated by ':'        FAULT_LOG    one line of fixed length is added per call
//   FAULT_AT      number of the call, from 1       FAULT_WHAT   before | after | torn | an errno such as ENOSPC
//   FAULT_STICKY  '1': every later call that this errno can hit fails as well, those that only read included
//   FAULT_ELSEWHERE  file that gets a line for each call that changes a file neither below the folders nor in TMPDIR
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';

const LINE = 240;
const below = (process.env.FAULT_BELOW ?? '').split(':');
const at = Number(process.env.FAULT_AT ?? 0);
const what = process.env.FAULT_WHAT ?? '';
const isSticky = process.env.FAULT_STICKY === '1';
const mayChange = [process.env.TMPDIR ?? '/tmp', '/dev/null', '/proc'];
const original = { ...fs };
const log = original.openSync(process.env.FAULT_LOG ?? '/dev/null', 'a');
const elsewhere = original.openSync(process.env.FAULT_ELSEWHERE ?? '/dev/null', 'a');

/** Descriptor -> path, of files below the folders that were opened by this thread. */
const opened = new Map();

// Which arguments name what is changed: paths by position, 0 for a descriptor.
const BY_PATH = {
  writeFile: [0],
  appendFile: [0],
  rename: [0, 1],
  symlink: [1],
  link: [0, 1],
  mkdir: [0],
  mkdtemp: [0],
  chmod: [0],
  chown: [0],
  lchown: [0],
  unlink: [0],
  rm: [0],
  rmdir: [0],
  copyFile: [1],
  cp: [1],
  truncate: [0],
  utimes: [0],
  lutimes: [0],
};
const BY_DESCRIPTOR = ['write', 'writev', 'fsync', 'fdatasync', 'ftruncate', 'fchmod', 'fchown', 'futimes'];
const OF_HANDLE = {
  write: 'write',
  writev: 'writev',
  writeFile: 'writeFile',
  appendFile: 'appendFile',
  sync: 'fsync',
  datasync: 'fdatasync',
  truncate: 'ftruncate',
  chmod: 'fchmod',
  chown: 'fchown',
  utimes: 'futimes',
};

// What each errno can hit: a full disk still lets files go, and permission is asked when a file is opened.
const HITS = {
  ENOSPC: /^(open|write|writev|writeFile|appendFile|symlink|link|mkdir|copyFile|cp|rename)$/,
  EDQUOT: /^(open|write|writev|writeFile|appendFile|symlink|link|mkdir|copyFile|cp|rename)$/,
  EROFS: /^(open|writeFile|appendFile|symlink|link|mkdir|copyFile|cp|rename|unlink|rm|rmdir|chmod|utimes|truncate)$/,
  EMFILE: /^(open|writeFile|appendFile|mkdtemp|copyFile|cp)$/,
  EACCES: /^(open|writeFile|rename|symlink|link|mkdir|chmod|unlink|rm|rmdir|copyFile|cp|utimes)$/,
};

/** Who has no descriptors left, or a broken disk, cannot read either. */
const REFUSES_READING = /^(EMFILE|EACCES|EIO)$/;

for (const name of ['readFile', 'readdir', 'opendir']) wrapReading(name);
for (const [name, positions] of Object.entries(BY_PATH)) {
  wrapAll(
    name,
    (args) => positions.map((position) => changed(name, args[position])).find((file) => file !== null) ?? null,
  );
}
for (const name of BY_DESCRIPTOR) wrapAll(name, (args) => pathOf(args[0]));
wrapOpen();
await wrapHandles();
syncBuiltinESMExports();

function wrapAll(name, fileOf) {
  const sync = original[`${name}Sync`];
  if (sync) fs[`${name}Sync`] = (...args) => aroundSync(name, fileOf(args), args, () => sync(...args));
  const callback = original[name];
  if (callback) {
    fs[name] = (...args) => {
      const done = args.pop();
      return around(name, fileOf(args), (finish) => callback(...args, finish), done);
    };
  }
  const promised = fs.promises[name];
  if (promised) fs.promises[name] = (...args) => aroundPromise(name, fileOf(args), () => promised(...args));
}

function wrapReading(name) {
  const { [name]: callback, [`${name}Sync`]: sync } = original;
  const promised = fs.promises[name];
  fs[`${name}Sync`] = (...args) => {
    refuseReading(name, args[0]);
    return sync(...args);
  };
  fs[name] = (...args) => {
    refuseReading(name, args[0]);
    return callback(...args);
  };
  fs.promises[name] = async (...args) => {
    refuseReading(name, args[0]);
    return promised(...args);
  };
}

function wrapOpen() {
  const fileOf = ([file, flags]) => {
    if (isForWriting(flags)) return changed('open', file);
    refuseReading('open', file);
    return null;
  };
  const remember = (args, descriptor) => {
    const file = target(args[0]);
    if (file === null) opened.delete(descriptor);
    else opened.set(descriptor, file);
    return descriptor;
  };
  fs.openSync = (...args) =>
    remember(
      args,
      aroundSync('open', fileOf(args), args, () => original.openSync(...args)),
    );
  fs.open = (...args) => {
    const done = args.pop();
    around(
      'open',
      fileOf(args),
      (finish) => original.open(...args, finish),
      (error, descriptor) => {
        if (!error) remember(args, descriptor);
        done(error, descriptor);
      },
    );
  };
  const promised = fs.promises.open;
  fs.promises.open = async (...args) => {
    const handle = await aroundPromise('open', fileOf(args), () => promised(...args));
    remember(args, handle.fd);
    return handle;
  };
}

async function wrapHandles() {
  const handle = await fs.promises.open('/dev/null');
  const prototype = Object.getPrototypeOf(handle);
  await handle.close();
  for (const [method, name] of Object.entries(OF_HANDLE)) {
    const plain = prototype[method];
    prototype[method] = function (...args) {
      return aroundPromise(name, pathOf(this.fd), () => plain.apply(this, args));
    };
  }
}

function aroundSync(name, file, args, call) {
  if (file === null || changesNothing(name, file, args)) return call();
  const fault = faultOf(name, file);
  if (fault === 'before') die();
  if (fault === 'torn') {
    tear(name, args);
    die();
  }
  if (fault instanceof Error) throw fault;
  const result = call();
  if (fault === 'after') die();
  return result;
}

function around(name, file, call, done) {
  if (file === null) return call(done);
  const fault = faultOf(name, file);
  if (fault === 'before' || fault === 'torn') die();
  if (fault instanceof Error) return process.nextTick(done, fault);
  return call((...results) => {
    if (fault === 'after') die();
    done(...results);
  });
}

async function aroundPromise(name, file, call) {
  if (file === null) return call();
  const fault = faultOf(name, file);
  if (fault === 'before' || fault === 'torn') die();
  if (fault instanceof Error) throw fault;
  const result = await call();
  if (fault === 'after') die();
  return result;
}

/** A folder that is there is not made, and what is made of other calls is counted with them. */
function changesNothing(name, file, args) {
  if (name === 'mkdir') return original.existsSync(file);
  if (name === 'rm') return original.lstatSync(file, { throwIfNoEntry: false }) === undefined;
  return name === 'writeFile' && typeof args[0] === 'string';
}

/** Half of what was to be written. */
function tear(name, args) {
  if (name !== 'write' || typeof args[1] === 'string') return;
  const [descriptor, bytes, offset = 0, length = bytes.length - offset, position = null] = args;
  original.writeSync(descriptor, bytes, offset, length >> 1, position);
}

function faultOf(name, file) {
  const number = count(name, file);
  if (number < at || at === 0 || (number > at && !isSticky)) return null;
  if (!/^E[A-Z]+$/.test(what)) return number === at ? what : null;
  if (HITS[what] !== undefined && !HITS[what].test(name)) return null;
  return errorOf(name, file);
}

/** Reading is not counted: it fails when a call that was counted has failed for good. */
function refuseReading(name, file) {
  if (!isSticky || !REFUSES_READING.test(what) || typeof file === 'number' || target(file) === null) return;
  if (original.fstatSync(log).size >= at * LINE) throw errorOf(name, fullPath(file));
}

function errorOf(name, file) {
  return Object.assign(new Error(`${what}: injected, ${name} '${file}'`), { code: what, syscall: name, path: file });
}

/** All threads append to one file, and the position after the append is the order among them. */
function count(name, file) {
  original.writeSync(
    log,
    `${name} ${file}`
      .slice(0, LINE - 1)
      .padEnd(LINE - 1)
      .concat('\n'),
  );
  const position = /^pos:\s+(\d+)$/m.exec(original.readFileSync(`/proc/self/fdinfo/${log}`, 'utf8'))?.[1];
  return Number(position) / LINE;
}

function die() {
  process.kill(process.pid, 'SIGKILL');
  // In a worker thread the signal takes a moment; nothing may happen in it.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** The file that a call changes, if it counts; one that nobody may change is noted. */
function changed(name, file) {
  const found = target(file);
  if (found !== null || typeof file === 'number') return found;
  const full = fullPath(file);
  const isNew = name !== 'mkdir' || !original.existsSync(full);
  if (isNew && original.existsSync(path.dirname(full)) && !isBelow(full, mayChange))
    original.writeSync(elsewhere, `${name} ${full}\n`);
  return null;
}

function target(file) {
  if (typeof file === 'number') return pathOf(file);
  const full = fullPath(file);
  return isBelow(full, below) ? full : null;
}

/** A descriptor that another thread opened is known to the kernel only. */
function pathOf(descriptor) {
  const known = opened.get(descriptor);
  if (known !== undefined) return known;
  try {
    const file = original.readlinkSync(`/proc/self/fd/${descriptor}`);
    return isBelow(file, below) ? file : null;
  } catch {
    return null;
  }
}

function fullPath(file) {
  return path.resolve(file instanceof URL ? file.pathname : String(file));
}

function isBelow(full, folders) {
  return folders.some((folder) => full === folder || full.startsWith(`${folder}/`));
}

function isForWriting(flags) {
  if (typeof flags === 'string') return /[wa+]/.test(flags);
  const { O_WRONLY, O_RDWR, O_CREAT, O_TRUNC } = fs.constants;
  return ((flags ?? 0) & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) !== 0;
}
