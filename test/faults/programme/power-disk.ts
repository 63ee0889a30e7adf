import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { randomFrom } from '../random-from.ts';
import type { FileSystem } from './power-file-systems.ts';

// What a disk writes whole or not at all; btrfs counts on it for its superblock.
const SECTOR = 4096;

/** One write that reached the disk; null is a flush. */
type Sent = { readonly offset: number; readonly bytes: Buffer } | null;

/** What a disk was sent, in order, and how much of it before the program had ended. */
export type Recording = { readonly sent: readonly Sent[]; readonly told: number };

/** A file system and the folder where it is mounted. */
export type Mount = { readonly at: string; readonly kind: FileSystem };

/** An image of the file system that holds a copy of `content`. */
export async function makeImage(file: string, content: string, mount: Mount): Promise<void> {
  const { make, size } = mount.kind;
  fs.writeFileSync(file, '');
  fs.truncateSync(file, size);
  run(...make, file);
  await onDisk(file, mount, async () => run('cp', '-a', `${content}/.`, mount.at));
  // A log of 64 MiB is zeros; every state begins with a copy of the image.
  run('fallocate', '--dig-holes', file);
}

/** Mounts the image at a folder while `work` runs, and answers everything that its disk was sent. */
export async function recordDisk(image: string, { at, kind }: Mount, work: () => Promise<void>): Promise<Recording> {
  const log = `${image}.log`;
  const fuse = `${image}.fuse`;
  fs.mkdirSync(fuse);
  const recorder = spawn(recorderIn(path.dirname(image)), [image, log, fuse], { stdio: 'inherit' });
  await untilThere(path.join(fuse, 'disk'), recorder);
  const device = run('losetup', '-f', '--show', path.join(fuse, 'disk'));
  let told = 0;
  try {
    run('mount', '-o', ['rw', ...kind.options].join(), device, at);
    try {
      await work();
      told = fs.statSync(log).size;
    } finally {
      await unmount(at);
    }
  } finally {
    run('losetup', '-d', device);
    const ended = once(recorder, 'exit');
    await unmount(fuse);
    await ended;
  }
  return parse(fs.readFileSync(log), told);
}

/**
 * Makes of `base` the disk as a power cut after `cut` orders may leave it: everything up to the last flush, and of each
 * later write some sectors and others not.
 */
export function cutPower(
  base: string,
  { sent }: Recording,
  how: { readonly cut: number; readonly seed: number },
): string {
  const image = `${base}.cut`;
  copyImage(base, image);
  const random = randomFrom(how.seed);
  const flushed = sent.slice(0, how.cut).lastIndexOf(null);
  const disk = fs.openSync(image, 'r+');
  for (const [at, write] of sent.slice(0, how.cut).entries()) {
    if (write === null) continue;
    const piece = at > flushed ? SECTOR : write.bytes.length;
    for (let from = 0; from < write.bytes.length; from += piece) {
      if (at > flushed && random() < 0.5) continue;
      fs.writeSync(disk, write.bytes.subarray(from, from + piece), 0, null, write.offset + from);
    }
  }
  fs.closeSync(disk);
  return image;
}

/** Holes stay holes. */
export function copyImage(from: string, to: string): void {
  run('cp', '--sparse=auto', from, to);
}

/** Mounts an image as after a boot, when the file system has put itself in order. */
export async function onDisk<T>(image: string, { at, kind }: Mount, work: () => Promise<T>): Promise<T> {
  run('mount', '-o', ['loop', ...kind.options].join(), image, at);
  try {
    return await work();
  } finally {
    await unmount(at);
  }
}

function recorderIn(folder: string): string {
  const program = path.join(folder, 'record-disk');
  run('gcc', '-O2', '-o', program, path.join(import.meta.dirname, 'record-disk.c'));
  return program;
}

async function untilThere(file: string, { exitCode }: ChildProcess): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!fs.existsSync(file)) {
    if (exitCode !== null || Date.now() > deadline) throw new Error('the recording disk cannot be mounted');
    await pause(10);
  }
}

/** What a process that just ends still holds is free in a moment. */
async function unmount(at: string): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; await pause(20)) {
    const { status, stderr } = spawnSync('umount', [at], { encoding: 'utf8' });
    if (status === 0) return;
    if (Date.now() > deadline) throw new Error(stderr);
  }
}

function parse(log: Buffer, told: number): Recording {
  const sent: Sent[] = [];
  let before = 0;
  for (let at = 0; at < log.length; ) {
    const [offset, length] = [Number(log.readBigUInt64LE(at)), Number(log.readBigUInt64LE(at + 8))];
    sent.push(length === 0 ? null : { offset, bytes: log.subarray(at + 16, at + 16 + length) });
    at += 16 + length;
    if (at <= told) before = sent.length;
  }
  return { sent, told: before };
}

function run(...[program, ...words]: readonly [string, ...string[]]): string {
  return execFileSync(program, words, { encoding: 'utf8' }).trim();
}
