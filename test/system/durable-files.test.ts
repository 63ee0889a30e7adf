import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  flushAhead,
  flushPayload,
  freeSpace,
  mountPoint,
  removeTree,
  replaceSymlink,
  writeDurably,
} from '../../src/system/index.ts';

let folder = '';
const at = (...parts: string[]) => path.join(folder, ...parts);

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-system-'));
});

afterEach(() => {
  vi.restoreAllMocks();
  removeTree(folder);
});

describe('a durable write', () => {
  test('puts the new content and exactly the mode asked for in place', () => {
    fs.writeFileSync(at('settings.json'), 'old', { mode: 0o644 });
    const before = process.umask(0o077);
    writeDurably(at('settings.json'), 'new', 0o664);
    process.umask(before);
    expect(fs.readFileSync(at('settings.json'), 'utf8')).toBe('new');
    expect(fs.statSync(at('settings.json')).mode & 0o777).toBe(0o664);
  });

  test('syncs the content before the rename and the folder after it', () => {
    const order: string[] = [];
    const { fsyncSync, renameSync } = fs;
    vi.spyOn(fs, 'fsyncSync').mockImplementation((descriptor) => {
      order.push(`sync ${path.basename(fs.readlinkSync(`/proc/self/fd/${descriptor}`)).replace(/\d+/, 'N')}`);
      fsyncSync(descriptor);
    });
    vi.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
      order.push('rename');
      renameSync(from, to);
    });
    writeDurably(at('file'), 'text');
    expect(order).toEqual(['sync .file.N.tmp', 'rename', `sync ${path.basename(folder).replace(/\d+/, 'N')}`]);
  });

  test('that fails leaves the old content and nothing beside it', () => {
    fs.writeFileSync(at('file'), 'old');
    vi.spyOn(fs, 'fsyncSync').mockImplementation(() => {
      throw new Error('EIO: i/o error, fsync');
    });
    expect(() => writeDurably(at('file'), 'new')).toThrow('EIO');
    expect(fs.readdirSync(folder)).toEqual(['file']);
    expect(fs.readFileSync(at('file'), 'utf8')).toBe('old');
  });
});

describe('a link', () => {
  test('is replaced as a whole, and made where there was none', () => {
    fs.mkdirSync(at('tmp'));
    replaceSymlink('generations/1', at('current'), at('tmp'));
    replaceSymlink('generations/2', at('current'), at('tmp'));
    expect(fs.readlinkSync(at('current'))).toBe('generations/2');
    expect(fs.readdirSync(at('tmp'))).toEqual([]);
  });

  test('is replaced though an interrupted run left its temporary name behind', () => {
    fs.symlinkSync('generations/1', at(`current.${process.pid}.link`));
    replaceSymlink('generations/2', at('current'), folder);
    expect(fs.readlinkSync(at('current'))).toBe('generations/2');
    expect(fs.readdirSync(folder)).toEqual(['current']);
  });

  test.each([
    ['directory', () => fs.mkdirSync(at('current'))],
    ['file', () => fs.writeFileSync(at('current'), 'precious')],
  ])('never takes the place of a %s that somebody put there', (what, put) => {
    put();
    expect(() => replaceSymlink('generations/2', at('current'), folder)).toThrow(
      expect.objectContaining({
        code: 'system-failed',
        message: expect.stringContaining(`a ${what} stands in its place`),
      }),
    );
    expect(fs.lstatSync(at('current')).isSymbolicLink()).toBe(false);
    expect(fs.readdirSync(folder)).toEqual(['current']);
  });
});

describe('removing a tree', () => {
  test('takes read-only folders along, and leaves what its links name', () => {
    fs.mkdirSync(at('kept'));
    fs.writeFileSync(at('kept', 'file'), 'kept');
    fs.mkdirSync(at('tree', 'a', 'b'), { recursive: true });
    fs.writeFileSync(at('tree', 'a', 'b', 'file'), 'x', { mode: 0o444 });
    fs.symlinkSync(at('kept'), at('tree', 'a', 'link'));
    fs.chmodSync(at('tree', 'a', 'b'), 0o555);
    fs.chmodSync(at('tree', 'a'), 0o555);
    removeTree(at('tree'));
    expect(fs.readdirSync(folder)).toEqual(['kept']);
    expect(fs.readFileSync(at('kept', 'file'), 'utf8')).toBe('kept');
  });

  test('makes folders writable first, as one who is not root must', () => {
    fs.mkdirSync(at('tree', 'a'), { recursive: true });
    fs.chmodSync(at('tree', 'a'), 0o555);
    const chmod = vi.spyOn(fs, 'chmodSync');
    removeTree(at('tree'));
    expect(chmod.mock.calls.map(([file, mode]) => [String(file), mode])).toEqual([[at('tree', 'a'), 0o755]]);
  });

  test('takes names that are not UTF-8', () => {
    fs.mkdirSync(at('tree', 'a'), { recursive: true });
    fs.writeFileSync(Buffer.concat([Buffer.from(`${at('tree', 'a')}/`), Buffer.from([0xff, 0xfe])]), 'x');
    removeTree(at('tree'));
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  test('of nothing is fine, and a link in its place is removed as a link', () => {
    removeTree(at('absent'));
    fs.mkdirSync(at('kept'));
    fs.symlinkSync('kept', at('link'));
    removeTree(at('link'));
    expect(fs.readdirSync(folder)).toEqual(['kept']);
  });

  test('goes as deep as the tree', () => {
    let deep = at('tree');
    for (let depth = 0; depth < 1_000; depth++) deep += '/d';
    fs.mkdirSync(deep, { recursive: true });
    removeTree(at('tree'));
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});

describe('flushing the payload', () => {
  test('goes well for a folder and fails for one that is not there', async () => {
    fs.writeFileSync(at('file'), 'x');
    await flushPayload(folder);
    await expect(flushPayload(at('absent'))).rejects.toThrow(/cannot make .*absent durable/);
  });

  test('syncs every file and folder by itself where there is no sync program', async () => {
    fs.mkdirSync(at('tree', 'sub'), { recursive: true });
    fs.writeFileSync(at('tree', 'sub', 'file'), 'x', { mode: 0o444 });
    fs.symlinkSync('nowhere', at('tree', 'link'));
    const { fsyncSync } = fs;
    const synced: string[] = [];
    vi.spyOn(fs, 'fsyncSync').mockImplementation((descriptor) => {
      synced.push(path.relative(folder, fs.readlinkSync(`/proc/self/fd/${descriptor}`)));
      fsyncSync(descriptor);
    });
    await flushPayload(at('tree'), '/nowhere');
    expect(synced).toEqual(['tree/sub/file', 'tree/sub', 'tree']);
  });

  test('does not ask again with fsync when the disk lost something', async () => {
    fs.mkdirSync(at('bin'));
    fs.writeFileSync(at('bin', 'sync'), '#!/bin/sh\necho "sync: error syncing: Input/output error" >&2; exit 1\n', {
      mode: 0o755,
    });
    const fsync = vi.spyOn(fs, 'fsyncSync');
    await expect(flushPayload(folder, at('bin'))).rejects.toThrow('Input/output error');
    expect(fsync).not.toHaveBeenCalled();
  });

  test('takes a sync program without -f for none', async () => {
    fs.mkdirSync(at('bin'));
    fs.writeFileSync(at('bin', 'sync'), '#!/bin/sh\necho "sync: invalid option -- f" >&2; exit 1\n', { mode: 0o755 });
    const fsync = vi.spyOn(fs, 'fsyncSync');
    await flushPayload(at('bin'), at('bin'));
    expect(fsync).toHaveBeenCalledTimes(2);
  });
});

describe('flushing ahead', () => {
  // A sync program that notes each call, with what it is to say and to answer.
  function notingSync(rest: string): void {
    fs.mkdirSync(at('bin'));
    const program = `#!/bin/sh\necho "$*" >> ${at('calls')}\n${rest}\n`;
    fs.writeFileSync(at('bin', 'sync'), program, { mode: 0o755 });
  }
  const calls = (): readonly string[] =>
    fs.existsSync(at('calls')) ? fs.readFileSync(at('calls'), 'utf8').trim().split('\n') : [];
  const MIB = 1024 * 1024;

  test('begins behind a hundred megabytes or so, one at a time, and waits for the last one', async () => {
    notingSync(`until [ -e ${at('go')} ]; do /bin/sleep 0.01; done; echo ended >> ${at('calls')}`);
    await using ahead = flushAhead(folder, at('bin'));
    ahead.wrote(95 * MIB);
    await ahead.done();
    expect(calls()).toEqual([]);
    ahead.wrote(5 * MIB);
    ahead.wrote(500 * MIB);
    fs.writeFileSync(at('go'), '');
    await ahead.done();
    expect(calls()).toEqual([`-f -- ${folder}`, 'ended']);
    ahead.wrote(1);
    await ahead.done();
    expect(calls()).toHaveLength(4);
  });

  test('tells of an error of the disk even when a later flush went well', async () => {
    notingSync(`[ -e ${at('once')} ] && exit 0; : > ${at('once')}; echo "sync: Input/output error" >&2; exit 1`);
    await using ahead = flushAhead(folder, at('bin'));
    ahead.wrote(100 * MIB);
    await expect(ahead.done()).rejects.toThrow('Input/output error');
    ahead.wrote(100 * MIB);
    await expect(ahead.done()).rejects.toThrow('Input/output error');
    expect(calls()).toHaveLength(2);
  });

  test('is not ended by Ctrl-C, which a terminal tells the whole process group', async () => {
    notingSync(`echo "$$ $(/usr/bin/cut -d' ' -f5 /proc/$$/stat)" >> ${at('calls')}`);
    await using ahead = flushAhead(folder, at('bin'));
    ahead.wrote(100 * MIB);
    await ahead.done();
    const [id, group] = calls()[1]?.split(' ') ?? [];
    expect(group).toBe(id);
  });

  test('is left out where there is no sync program', async () => {
    const fsync = vi.spyOn(fs, 'fsyncSync');
    await using ahead = flushAhead(folder, '/nowhere');
    ahead.wrote(100 * MIB);
    await ahead.done();
    expect(fsync).not.toHaveBeenCalled();
  });
});

describe('the disk', () => {
  test('tells how much room there is', () => {
    const { bytes, inodes } = freeSpace(folder);
    expect(bytes).toBeGreaterThan(0);
    expect(inodes).toBeGreaterThan(0);
  });

  test('tells one file system from another', () => {
    expect(mountPoint(folder)).toBe(mountPoint(os.tmpdir()));
    expect(mountPoint('/proc/self/fd')).toBe('/proc');
  });
});
