import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeEach, onTestFinished } from 'vitest';
import type { FileSystem } from '../faults/programme/power-file-systems.ts';

/** Mounts a file system in memory on `folder` until the test ends; `options` as mount(8) takes them. */
export function mountMemory(folder: string, options: string): { remount(options: string): void } {
  fs.mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
  return { remount: (changed) => void execFileSync('mount', ['-o', `remount,${changed}`, folder]) };
}

/** Mounts a new file system on `folder` until the test ends; its image, as large as mkfs wants it, is one of holes. */
export function mountDisk(folder: string, { type, make, size }: FileSystem): void {
  const image = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-disk-')), 'image');
  fs.writeFileSync(image, '');
  fs.truncateSync(image, size);
  execFileSync(make[0], [...make.slice(1), image]);
  fs.mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', type, '-o', 'loop', image, folder]);
  onTestFinished(() => {
    execFileSync('umount', [folder]);
    fs.rmSync(path.dirname(image), { recursive: true });
  });
}

/** What lies in `folder` becomes the image that a container begins with: it can be changed, and keeps its folders where they are. */
export function mountOver(folder: string): void {
  const over = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-over-'));
  onTestFinished(() => fs.rmSync(over, { recursive: true }));
  const layers = ['upper', 'work'].map((name) => path.join(over, 'memory', name));
  mountMemory(path.join(over, 'memory'), 'size=32m');
  for (const layer of layers) fs.mkdirSync(layer);
  const options = `lowerdir=${folder},upperdir=${layers[0]},workdir=${layers[1]},redirect_dir=off`;
  execFileSync('mount', ['-t', 'overlay', '-o', options, 'overlay', folder]);
  onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
}

/** Inside a `describe`: skips its tests where file systems cannot be mounted; containers often forbid it even to root. */
export function needsMounts(): void {
  beforeEach((test) => {
    if (!canMount()) test.skip('needs the right to mount');
  });
}

let answer: boolean | null = null;

function canMount(): boolean {
  answer ??= tryMount();
  return answer;
}

function tryMount(): boolean {
  const folder = fs.mkdtempSync('/tmp/pkg-mount-');
  try {
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    fs.rmdirSync(folder);
  }
}
