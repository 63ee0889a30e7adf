import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDataFormats } from '../../src/store/index.ts';
import { type Body, stepWorld } from './step-world.ts';

type StepWorld = ReturnType<typeof stepWorld>;

const HOOK = (effects: string): string => `#!/bin/sh\necho "$0 $*" | sed 's/.*hooks/hooks/' >> '${effects}'\n`;

/** Each kind of step on a root where it can be done. */
const CASES: Readonly<Record<string, (t: StepWorld) => Promise<Body>>> = {
  'place-bundle': async (t) => ({ kind: 'place-bundle', bundle: await t.stage('web', '1.0.0') }),
  'keep-archive': async (t) => ({ kind: 'keep-archive', bundle: await t.stage('web', '1.0.0') }),
  'write-config': async (t) => {
    const config = { files: { 'etc/web.conf': 'a\nb\nc\n' }, manifest: { config: [{ path: 'etc/web.conf' }] } };
    const before = await t.stage('web', '1.0.0', config);
    t.live(1, [before]);
    await t.do({ kind: 'write-config', bundle: before, revision: '1', previous: null, exact: false, policy: 'keep' });
    fs.writeFileSync(path.join(t.layout.configRevision('web', '1'), 'web.conf'), 'mine\nb\nc\n');
    const bundle = await t.stage('web', '2.0.0', { ...config, files: { 'etc/web.conf': 'a\nb\ntheirs\n' } });
    t.live(2, [bundle]);
    return {
      kind: 'write-config',
      bundle,
      revision: '2',
      previous: { bundle: before, revision: '1' },
      exact: false,
      policy: 'keep',
    };
  },
  'write-generation': async (t) => {
    const bundle = await t.stage('web', '1.0.0', {
      files: { 'bin/web': '#!/bin/sh\n' },
      manifest: { bin: { web: 'bin/web' } },
    });
    await t.do({ kind: 'place-bundle', bundle });
    const bundles = [{ ...bundle, explicit: true }];
    return {
      kind: 'write-generation',
      number: 1,
      parent: null,
      createdAt: '2026-01-01T00:00:00.000Z',
      bundles,
      config: {},
    };
  },
  switch: async (t) => {
    t.live(2, [await t.stage('web', '2.0.0')]);
    t.live(1, [await t.stage('web', '1.0.0')]);
    return { kind: 'switch', from: 1, to: 2 };
  },
  'switch from nothing': async (t) => {
    t.live(1, [await t.stage('web', '1.0.0')]);
    fs.rmSync(t.layout.current);
    return { kind: 'switch', from: null, to: 1 };
  },
  'make-links': async (t) => ({
    kind: 'make-links',
    links: [{ at: path.join(t.home, 'web.conf'), to: '/nowhere/current/links/web/0' }],
  }),
  'remove-links': async (t) => {
    const link = { at: path.join(t.home, 'web.conf'), to: '/nowhere/current/links/web/0' };
    fs.symlinkSync(link.to, link.at);
    return { kind: 'remove-links', links: [link] };
  },
  'make-data': async (t) => ({ kind: 'make-data', bundle: await t.stage('web', '1.0.0'), owner: null }),
  maintenance: async () => ({ kind: 'maintenance', bundle: 'web', on: true }),
  'end of maintenance': async (t) => {
    await t.do({ kind: 'maintenance', bundle: 'web', on: true });
    return { kind: 'maintenance', bundle: 'web', on: false };
  },
  'note-data-format': async (t) => {
    await t.do({ kind: 'note-data-format', bundle: 'web', from: null, to: 1 });
    return { kind: 'note-data-format', bundle: 'web', from: 1, to: 2 };
  },
  'move-data': async (t) => {
    await t.do({ kind: 'note-data-format', bundle: 'old', from: null, to: 3 });
    fs.mkdirSync(t.layout.dataOf('old/rows'), { recursive: true });
    fs.mkdirSync(t.layout.dataOf('new'), { mode: 0o700 });
    return { kind: 'move-data', bundle: 'new', from: 'old' };
  },
  'move-data of a link': async (t) => {
    fs.symlinkSync(t.home, t.layout.dataOf('old'));
    return { kind: 'move-data', bundle: 'new', from: 'old' };
  },
  'run-check': async (t) => {
    const bundle = await t.stage('web', '1.0.0');
    t.live(1, [bundle]);
    return {
      kind: 'run-check',
      bundle,
      generation: 1,
      check: 'there',
      run: ['test', '-f', 'data.txt'],
      timeout: '1m',
      when: 'staged',
    };
  },
};

describe.each(Object.entries(CASES))('%s', (_kind, prepare) => {
  test('undo restores what was there', async () => {
    const t = stepWorld();
    const step = await prepare(t);
    const before = t.look();
    await t.undo(step, await t.do(step));
    expect(t.look()).toEqual(before);
  });

  test('done twice is done once, undone twice is undone once', async () => {
    const t = stepWorld();
    const step = await prepare(t);
    const before = t.look();
    const note = await t.do(step);
    const done = t.look();
    await t.do(step);
    expect(t.look()).toEqual(done);
    await t.undo(step, note);
    await t.undo(step, note);
    expect(t.look()).toEqual(before);
  });

  test('undone without ever having been done changes nothing', async () => {
    const t = stepWorld();
    const step = await prepare(t);
    const before = t.look();
    await t.undo(step, undefined);
    expect(t.look()).toEqual(before);
  });
});

describe('run-hook', () => {
  const call = {
    hook: 'preinstall',
    action: 'upgrade',
    rest: ['1.0.0'],
    otherVersion: '1.0.0',
    timeout: '1m',
  } as const;

  async function hooked(t: StepWorld, hooks: object, files: Record<string, string>) {
    const bundle = await t.stage('web', '2.0.0', { files, manifest: { hooks } });
    t.live(2, [bundle]);
    return bundle;
  }

  test('undo calls what belongs to each entry, in reverse, and the opposite script once', async () => {
    const t = stepWorld();
    const effects = path.join(t.home, 'effects');
    const entries = ['hooks/a', { do: 'hooks/join', undo: 'hooks/leave' }, 'hooks/b'];
    const names = ['a', 'b', 'join', 'leave', 'post'].map((name) => [`hooks/${name}`, HOOK(effects)]);
    const bundle = await hooked(t, { preinstall: entries, postremove: 'hooks/post' }, Object.fromEntries(names));
    const step: Body = { kind: 'run-hook', call: { ...call, bundle, entries }, generation: 2, forced: [] };
    await t.undo(step, await t.do(step));
    expect(fs.readFileSync(effects, 'utf8').trim().split('\n')).toEqual([
      'hooks/a upgrade 1.0.0',
      'hooks/join upgrade 1.0.0',
      'hooks/b upgrade 1.0.0',
      'hooks/leave abort-upgrade 1.0.0',
      'hooks/post abort-upgrade 1.0.0',
    ]);
  });

  test('the first entry that fails stops the list, and its last words are in the error', async () => {
    const t = stepWorld();
    const effects = path.join(t.home, 'effects');
    const entries = ['hooks/a', 'hooks/bad', 'hooks/b'];
    const files = {
      'hooks/a': HOOK(effects),
      'hooks/bad': '#!/bin/sh\necho no disk for it >&2\nexit 3\n',
      'hooks/b': HOOK(effects),
    };
    const bundle = await hooked(t, { preinstall: entries }, files);
    const step: Body = { kind: 'run-hook', call: { ...call, bundle, entries }, generation: 2, forced: [] };
    await expect(t.do(step)).rejects.toMatchObject({
      code: 'hook-failed',
      message: 'preinstall upgrade 1.0.0 of web 2.0.0 failed with exit status 3:\n  no disk for it',
    });
    expect(fs.readFileSync(effects, 'utf8')).toBe('hooks/a upgrade 1.0.0\n');
  });

  test('an undo that fails does not keep the others from running, and is what is told', async () => {
    const t = stepWorld();
    const effects = path.join(t.home, 'effects');
    const entries = [
      { do: 'hooks/a', undo: 'hooks/undo-a' },
      { do: 'hooks/a', undo: 'hooks/bad' },
    ];
    const files = { 'hooks/a': HOOK(effects), 'hooks/undo-a': HOOK(effects), 'hooks/bad': '#!/bin/sh\nexit 1\n' };
    const bundle = await hooked(t, { preinstall: entries }, files);
    const step: Body = { kind: 'run-hook', call: { ...call, bundle, entries }, generation: 2, forced: [] };
    await expect(t.undo(step, undefined)).rejects.toMatchObject({ code: 'hook-failed' });
    expect(fs.readFileSync(effects, 'utf8')).toBe('hooks/undo-a abort-upgrade 1.0.0\n');
  });
});

describe('make-data', () => {
  test('undo never removes what was written into the folder', async () => {
    const t = stepWorld();
    const step: Body = { kind: 'make-data', bundle: await t.stage('web', '1.0.0'), owner: null };
    const note = await t.do(step);
    fs.writeFileSync(path.join(t.layout.dataOf('web'), 'precious'), '');
    await t.undo(step, note);
    expect(fs.existsSync(path.join(t.layout.dataOf('web'), 'precious'))).toBe(true);
  });
});

describe('move-data', () => {
  const step: Body = { kind: 'move-data', bundle: 'new', from: 'old' };

  /** `old` with a row, and what its data looks like from there on. */
  function withRow(t: StepWorld): void {
    fs.mkdirSync(t.layout.dataOf('old'));
    fs.writeFileSync(path.join(t.layout.dataOf('old'), 'row'), 'precious');
  }

  const row = (t: StepWorld, name: string): string => fs.readFileSync(path.join(t.layout.dataOf(name), 'row'), 'utf8');

  test('the format that was noted goes with the data', async () => {
    const t = stepWorld();
    withRow(t);
    await t.do({ kind: 'note-data-format', bundle: 'old', from: null, to: 3 });
    await t.do({ kind: 'note-data-format', bundle: 'new', from: null, to: 1 });
    const note = await t.do(step);
    expect(row(t, 'new')).toBe('precious');
    expect(readDataFormats(t.layout)).toEqual(new Map([['new', 3]]));
    await t.undo(step, note);
    expect(row(t, 'old')).toBe('precious');
    expect(readDataFormats(t.layout)).toEqual(
      new Map([
        ['old', 3],
        ['new', 1],
      ]),
    );
  });

  test('what came to lie there meanwhile is never written over: neither going nor coming back', async () => {
    const t = stepWorld();
    withRow(t);
    fs.mkdirSync(t.layout.dataOf('new'));
    const note = await t.note(step);
    fs.writeFileSync(path.join(t.layout.dataOf('new'), 'row'), 'of a hook');
    await expect(t.do(step)).rejects.toMatchObject({ code: 'step-failed', message: /something lies there/ });
    await t.undo(step, note);
    expect([row(t, 'old'), row(t, 'new')]).toEqual(['precious', 'of a hook']);
    fs.rmSync(t.layout.dataOf('new'), { recursive: true });
    await t.do(step);
    fs.mkdirSync(t.layout.dataOf('old'));
    fs.writeFileSync(path.join(t.layout.dataOf('old'), 'row'), 'of a hook');
    await expect(t.undo(step, note)).rejects.toMatchObject({ message: /something lies there/ });
    expect([row(t, 'old'), row(t, 'new')]).toEqual(['of a hook', 'precious']);
    fs.rmSync(path.join(t.layout.dataOf('old'), 'row'));
    await t.undo(step, note);
    expect(row(t, 'old')).toBe('precious');
  });
});

describe('make-links', () => {
  test('leaves alone what is not ours', async () => {
    const t = stepWorld();
    const at = path.join(t.home, 'web.conf');
    fs.writeFileSync(at, 'the distribution wrote this\n');
    const step: Body = { kind: 'make-links', links: [{ at, to: '/nowhere/current/links/web/0' }] };
    await expect(t.do(step)).rejects.toMatchObject({ code: 'clash' });
    await t.undo(step, undefined);
    expect(fs.readFileSync(at, 'utf8')).toBe('the distribution wrote this\n');
  });
});

describe('switch', () => {
  test('refuses when current is a real directory', async () => {
    const t = stepWorld();
    fs.mkdirSync(t.layout.current);
    await expect(t.do({ kind: 'switch', from: null, to: 1 })).rejects.toMatchObject({
      message: `cannot switch to generation 1: ${t.layout.current} is a directory`,
    });
  });

  test('a generation that was live stays for analysis when its change is undone', async () => {
    const t = stepWorld();
    t.live(1, [await t.stage('web', '1.0.0')]);
    const bundle = await t.stage('web', '2.0.0');
    const bundles = [{ ...bundle, explicit: true }];
    const place: Body = { kind: 'place-bundle', bundle };
    const write: Body = {
      kind: 'write-generation',
      number: 2,
      parent: 1,
      createdAt: '2026-01-01T00:00:00.000Z',
      bundles,
      config: {},
    };
    const turn: Body = { kind: 'switch', from: 1, to: 2 };
    for (const step of [place, write, turn]) await t.do(step);
    for (const step of [turn, write, place]) await t.undo(step, undefined);
    expect(fs.readlinkSync(t.layout.current)).toBe('generations/1');
    expect(fs.readFileSync(path.join(t.layout.generation(2), 'bundles/web/data.txt'), 'utf8')).toBe('web 2.0.0\n');
  });
});

describe('note-data-format', () => {
  test('the first one noted is forgotten by undo', async () => {
    const t = stepWorld();
    const step: Body = { kind: 'note-data-format', bundle: 'web', from: 1, to: 2 };
    const note = await t.do(step);
    expect(readDataFormats(t.layout)).toEqual(new Map([['web', 2]]));
    await t.undo(step, note);
    expect(readDataFormats(t.layout)).toEqual(new Map());
  });
});

describe('forget-generation', () => {
  test('a generation that was only passed through goes, the live one never', async () => {
    const t = stepWorld();
    const web = await t.stage('web', '1.0.0');
    for (const number of [1, 2]) t.live(number, [web]);
    for (const number of [1, 1, 2]) await t.do({ kind: 'forget-generation', number });
    expect(fs.readdirSync(t.layout.generations)).toEqual(['2']);
  });

  test('one in which a service was started stays', async () => {
    const t = stepWorld();
    const web = await t.stage('web', '1.0.0');
    for (const number of [1, 2]) t.live(number, [web]);
    const record = { generation: 1, pid: process.pid };
    fs.writeFileSync(t.layout.runRecord({ bundle: 'web', service: 'server' }), JSON.stringify(record));
    await t.do({ kind: 'forget-generation', number: 1 });
    expect(fs.readdirSync(t.layout.generations)).toEqual(['1', '2']);
  });
});
