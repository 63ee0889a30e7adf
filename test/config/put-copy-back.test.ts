import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { filesInUse, forgetCopies, keepCopy, marksOf, putCopyBack } from '../../src/config/index.ts';
import { snapshot } from '../support/pkg.ts';

/** A revision with a file, a program, a link and a folder, as it was made. */
function revision() {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-copy-'));
  onTestFinished(() => fs.rmSync(home, { recursive: true, force: true }));
  const at = (...parts: readonly string[]) => path.join(home, ...parts);
  for (const folder of ['3', '.created-3']) {
    fs.mkdirSync(at(folder, 'conf.d'), { recursive: true });
    fs.writeFileSync(at(folder, 'web.conf'), 'workers 4\n');
    fs.writeFileSync(at(folder, 'hook.sh'), 'exit 0\n', { mode: 0o750 });
    fs.writeFileSync(at(folder, 'conf.d/a.conf'), 'a\n');
    fs.symlinkSync('web.conf', at(folder, 'now.conf'));
  }
  const keep = () => keepCopy({ entries: filesInUse(at('3')), beside: home, made: '.created-3', temp: at('.temp') });
  const putBack = (copy: string) =>
    putCopyBack({ revision: at('3'), copy: at(copy), suffix: 'pkg-edited-3', temp: at('.temp') });
  return { home, at, keep, putBack, marks: () => marksOf(filesInUse(at('3'))) };
}

describe('a copy of what a service has read', () => {
  test('is the one of the revision while nothing was edited, one of its own afterwards, and the same one twice', async () => {
    const { at, keep } = revision();
    expect(await keep()).toBe('.created-3');
    fs.writeFileSync(at('3/web.conf'), 'workers 8\n');
    const copy = await keep();
    expect(copy).toMatch(/^\.loaded-[0-9a-f]{12}$/);
    expect(await keep()).toBe(copy);
    expect(snapshot(at(copy))).toEqual(snapshot(at('3')));
    fs.rmSync(at(copy, 'web.conf'));
    expect(await keep()).toBe(copy);
    expect(fs.readFileSync(at(copy, 'web.conf'), 'utf8')).toBe('workers 8\n');
  });

  test('is forgotten when nobody names it, and the revision is not', async () => {
    const { home, at, keep } = revision();
    fs.writeFileSync(at('3/web.conf'), 'workers 8\n');
    const first = await keep();
    fs.writeFileSync(at('3/web.conf'), 'workers 9\n');
    const second = await keep();
    forgetCopies(home, [second]);
    expect(fs.readdirSync(home).toSorted()).toEqual(['.created-3', second, '3'].toSorted());
    expect(first).not.toBe(second);
  });

  test('a file that lies beside another is no part of it', async () => {
    const { at, keep } = revision();
    fs.writeFileSync(at('3/web.conf.pkg-new'), 'workers 16\n');
    fs.mkdirSync(at('3/old.pkg-old'));
    fs.writeFileSync(at('3/old.pkg-old/x'), '');
    expect(await keep()).toBe('.created-3');
  });
});

describe('putting a copy back', () => {
  test('every edit lies beside: changed, added, deleted, another mode, a link turned into a file', async () => {
    const { at, putBack, marks } = revision();
    const before = marks();
    fs.writeFileSync(at('3/web.conf'), 'workers nonsense\n');
    fs.writeFileSync(at('3/added.conf'), 'x\n');
    fs.rmSync(at('3/conf.d'), { recursive: true });
    fs.chmodSync(at('3/hook.sh'), 0o600);
    fs.rmSync(at('3/now.conf'));
    fs.writeFileSync(at('3/now.conf'), 'mine\n');
    expect(await putBack('.created-3')).toEqual([
      { file: 'added.conf', keptAs: 'added.conf.pkg-edited-3' },
      { file: 'conf.d/a.conf', keptAs: null },
      { file: 'hook.sh', keptAs: 'hook.sh.pkg-edited-3' },
      { file: 'now.conf', keptAs: 'now.conf.pkg-edited-3' },
      { file: 'web.conf', keptAs: 'web.conf.pkg-edited-3' },
    ]);
    expect(marks()).toEqual(before);
    expect(snapshot(at('3'))).toMatchObject({
      'web.conf.pkg-edited-3': 'workers nonsense\n',
      'added.conf.pkg-edited-3': 'x\n',
      'now.conf.pkg-edited-3': 'mine\n',
      'hook.sh.pkg-edited-3': 'exit 0\n',
    });
    expect(fs.statSync(at('3/hook.sh.pkg-edited-3')).mode & 0o777).toBe(0o600);
  });

  test('a folder where a file belongs, and a file where a folder was, give way and stay', async () => {
    const { at, putBack, marks } = revision();
    const before = marks();
    fs.rmSync(at('3/web.conf'));
    fs.mkdirSync(at('3/web.conf'));
    fs.writeFileSync(at('3/web.conf/part'), 'p\n');
    fs.rmSync(at('3/conf.d'), { recursive: true });
    fs.writeFileSync(at('3/conf.d'), 'no folder\n');
    await putBack('.created-3');
    expect(marks()).toEqual(before);
    expect(snapshot(at('3'))).toMatchObject({
      'web.conf.pkg-edited-3/part': 'p\n',
      'conf.d.pkg-edited-3': 'no folder\n',
    });
  });

  test('repeated after a crash between the two names of an edit it makes no third; another edit gets a number', async () => {
    const { at, putBack } = revision();
    fs.writeFileSync(at('3/web.conf'), 'one\n');
    fs.linkSync(at('3/web.conf'), at('3/web.conf.pkg-edited-3'));
    expect(await putBack('.created-3')).toEqual([{ file: 'web.conf', keptAs: 'web.conf.pkg-edited-3' }]);
    expect(await putBack('.created-3')).toEqual([]);
    fs.writeFileSync(at('3/web.conf'), 'two\n');
    expect(await putBack('.created-3')).toEqual([{ file: 'web.conf', keptAs: 'web.conf.pkg-edited-3.2' }]);
    expect(fs.readFileSync(at('3/web.conf.pkg-edited-3'), 'utf8')).toBe('one\n');
  });
});
