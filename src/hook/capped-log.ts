import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { PkgError } from '../error.ts';
import { lastLines, sealedStdio } from '../system/index.ts';

/** A log file for the output of other programs, which never grows far beyond its cap. */
export type CappedLog = {
  /** The descriptor to use as stdout and stderr of the printing process. */
  readonly descriptor: number;
  /** Resolves to the last lines once everything printed so far is in the file; later output is dropped. */
  finish(): Promise<string>;
};

/** How much is kept at most, and which secrets are hidden. */
export type LogLimits = { readonly capBytes: number; readonly secrets: readonly string[] };

/**
 * Opens `file` for adding. A process of its own carries the output there, so that the printing one can go on when
 * this program is killed, or when it left a daemon behind that prints for years.
 */
export function openCappedLog(file: string, limits: LogLimits): CappedLog {
  try {
    return openLog(file, limits);
  } catch (error) {
    // On a full disk the scripts that undo must run all the same.
    return openNothing((error as Error).message);
  }
}

function openLog(file: string, { capBytes, secrets }: LogLimits): CappedLog {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const log = fs.openSync(file, 'a', 0o600);
  try {
    const { size } = fs.fstatSync(log);
    const mark = `\0end of the log ${randomUUID()}\0`;
    const { descriptor, finished } = startCarrier(`${file}.pipe`, log, {
      program: carrierProgram(capBytes, mark),
      secrets,
    });
    return {
      descriptor,
      async finish() {
        sendMark(descriptor, mark);
        fs.closeSync(descriptor);
        await finished;
        return linesSince(size, file);
      },
    };
  } finally {
    fs.closeSync(log);
  }
}

/** The folder may have been cleaned up meanwhile; that is no failure of the script. */
function linesSince(size: number, file: string): string {
  try {
    return lastLines(file, size);
  } catch (error) {
    return notKept((error as Error).message);
  }
}

function openNothing(reason: string): CappedLog {
  const descriptor = fs.openSync('/dev/null', 'w');
  return {
    descriptor,
    async finish() {
      fs.closeSync(descriptor);
      return notKept(reason);
    },
  };
}

function notKept(reason: string): string {
  return `(what it printed was not kept: ${reason})`;
}

type Carrier = { readonly descriptor: number; readonly finished: Promise<unknown> };

/** `finished` resolves when the carrier has read the mark, or has ended. */
function startCarrier(
  pipeName: string,
  log: number,
  { program, secrets }: { readonly program: string; readonly secrets: readonly string[] },
): Carrier {
  const pipe = openPipe(pipeName);
  const stdio = sealedStdio([pipe.reading, log, 'ignore', 'pipe']);
  // Everybody on the machine can read a command line, only its owner an environment.
  const env = { SECRETS: JSON.stringify(secrets) };
  const carrier = spawn(process.execPath, ['-e', program], { stdio, detached: true, env });
  fs.closeSync(pipe.reading);
  const sign = carrier.stdio[3];
  if (carrier.pid === undefined || !(sign instanceof Readable)) {
    carrier.once('error', () => undefined);
    fs.closeSync(pipe.writing);
    throw new PkgError('system-failed', `cannot run ${process.execPath}`);
  }
  carrier.unref();
  return { descriptor: pipe.writing, finished: once(sign.resume(), 'close') };
}

/** A named pipe: those that Node makes are sockets, which a script cannot open again as /dev/stderr. */
function openPipe(name: string): { readonly reading: number; readonly writing: number } {
  fs.rmSync(name, { force: true });
  const made = spawnSync('mkfifo', ['-m', '600', name], { encoding: 'utf8' });
  if (made.status !== 0) {
    throw new PkgError('system-failed', `cannot make the pipe ${name}: ${made.error?.message ?? made.stderr.trim()}`);
  }
  // Opened both ways first: each of the other two would wait for its counterpart.
  const both = fs.openSync(name, 'r+');
  const reading = fs.openSync(name, 'r');
  const writing = fs.openSync(name, 'w');
  fs.closeSync(both);
  fs.unlinkSync(name);
  return { reading, writing };
}

/** A blocking write: the carrier drains the pipe, however much is in it. Short enough to be written in one piece. */
function sendMark(writing: number, mark: string): void {
  try {
    fs.writeSync(writing, mark);
  } catch {
    // Nobody reads any more: the carrier has ended, and what it had not written is lost.
  }
}

/**
 * Keeps the first `cap` bytes and the last few lines, and says how much is left out. The end of the input may be the
 * beginning of a secret, and waits for the rest.
 */
function carrierProgram(cap: number, mark: string): string {
  return `
    const fs = require('node:fs');
    const mark = Buffer.from(${JSON.stringify(mark)});
    const lastBytes = 16384;
    let room = ${cap}, dropped = 0, last = Buffer.alloc(0), held = Buffer.alloc(0), finished = false;
    const write = (bytes) => { try { fs.writeFileSync(1, bytes); } catch { dropped += bytes.length; room = 0; } };
    const keep = (bytes) => {
      const head = bytes.subarray(0, room), rest = bytes.subarray(head.length);
      room -= head.length;
      if (head.length > 0) write(head);
      if (rest.length === 0) return;
      const all = Buffer.concat([last, rest]);
      last = Buffer.from(all.subarray(-lastBytes));
      dropped += all.length - last.length;
    };
    const bytesOf = (text) => Buffer.from(text).toString('latin1');
    const { env } = require('node:process');
    const secrets = JSON.parse(env.SECRETS).map(bytesOf).sort((a, b) => b.length - a.length);
    const begun = (text) => {
      let most = 0;
      for (const secret of secrets)
        for (let n = Math.min(secret.length - 1, text.length); n > most; n--)
          if (text.endsWith(secret.slice(0, n))) most = n;
      return most;
    };
    let waiting = '';
    const keepMasked = (bytes, isEnd) => {
      if (secrets.length === 0) return keep(bytes);
      let text = waiting + bytes.toString('latin1');
      for (const secret of secrets) text = text.replaceAll(secret, '***');
      const end = text.length - (isEnd ? 0 : begun(text));
      waiting = text.slice(end);
      keep(Buffer.from(text.slice(0, end), 'latin1'));
    };
    const finish = () => {
      keepMasked(Buffer.alloc(0), true);
      if (dropped > 0) write('\\n[... ' + dropped + ' bytes not kept ...]\\n');
      write(last);
      finished = true;
      fs.closeSync(3);
    };
    const chunk = Buffer.alloc(65536);
    for (;;) {
      const length = fs.readSync(0, chunk);
      if (length === 0) break;
      if (finished) continue;
      const bytes = Buffer.concat([held, chunk.subarray(0, length)]);
      const at = bytes.indexOf(mark);
      if (at >= 0) { keepMasked(bytes.subarray(0, at), true); finish(); continue; }
      const start = bytes.indexOf(0, Math.max(0, bytes.length - mark.length));
      const from = start < 0 ? bytes.length : start;
      held = Buffer.from(bytes.subarray(from));
      keepMasked(bytes.subarray(0, from), false);
    }
    if (!finished) { keepMasked(held, true); finish(); }
  `;
}
