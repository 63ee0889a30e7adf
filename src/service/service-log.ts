import fs from 'node:fs';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { hideSecrets, type Launch } from '../model/index.ts';
import { lastLines } from '../system/index.ts';

/** The file that a service writes its log to. */
export function logFile({ service, cwd, log }: Launch): string {
  return service.log === undefined ? log : path.resolve(cwd, service.log.path);
}

/** Bytes in the log now; lines beyond are new later. */
export function logSize(launch: Launch): number {
  return sizeOf(logFile(launch));
}

/** The first line beyond byte `from` that `mustNotMatch` forbids, or null. */
export function forbiddenLine(launch: Launch, from: number): string | null {
  const forbidden = launch.service.log?.mustNotMatch;
  return forbidden === undefined ? null : findLine(launch, from, new RegExp(forbidden));
}

/** The first line beyond byte `from` that matches, or null. A log that was cut or begun anew is read from its start. */
export function findLine(launch: Launch, from: number, pattern: RegExp): string | null {
  const file = logFile(launch);
  for (const line of linesFrom(file, sizeOf(file) < from ? 0 : from))
    if (pattern.test(line)) return hideSecrets(line, launch.secrets);
  return null;
}

/** What the service printed last beyond byte `from`, to end a message with: `:` and indented lines, or nothing. */
export function logTail({ log, secrets }: Launch, from = 0): string {
  const size = sizeOf(log);
  const lines = size === 0 ? '' : hideSecrets(lastLines(log, size < from ? 0 : from), secrets);
  return lines === '' ? '' : `:\n${lines.replaceAll(/^/gm, '  ')}`;
}

/** Bytes in a file; 0 when there is none. */
export function sizeOf(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** Logs may be larger than memory: they are read piece by piece. */
function* linesFrom(file: string, from: number): Iterable<string> {
  if (sizeOf(file) <= from) return;
  const descriptor = fs.openSync(file, 'r');
  try {
    const piece = Buffer.alloc(64 << 10);
    const decoder = new StringDecoder('utf8');
    let [position, rest] = [from, ''];
    for (let length = -1; length !== 0; position += length) {
      length = fs.readSync(descriptor, piece, 0, piece.length, position);
      const lines = (rest + decoder.write(piece.subarray(0, length))).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (rest !== '') yield rest;
  } finally {
    fs.closeSync(descriptor);
  }
}
