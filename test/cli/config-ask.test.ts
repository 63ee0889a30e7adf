import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { type Workbench, workbench } from '../support/pkg.ts';
import { onTerminal } from '../support/terminal.ts';

/** The conflict that everybody has: both changed the port, and the bundle added a line below. */
async function withConflict(t: Workbench): Promise<string> {
  const conf = (text: string) => ({ files: { 'etc/app.conf': text }, config: [{ path: 'etc/app.conf' }] });
  await t.ok('install', '-y', await t.bundle('app', '1.0.0', conf('port 1\nuser www\nlog info\n')));
  fs.writeFileSync(live(t), 'port 2\nuser www\nlog info\n');
  return t.bundle('app', '2.0.0', conf('port 3\nuser www\nlog info\ngzip on\n'));
}

const live = (t: Workbench, name = 'app.conf'): string => t.at('current/etc/app', name);
const read = (t: Workbench, name?: string): string => fs.readFileSync(live(t, name), 'utf8');
const QUESTION = 'show the [d]iff?';

/** A program for $EDITOR. */
function editor(t: Workbench, script: string): Record<string, string> {
  const file = path.join(t.home, 'editor');
  fs.writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { EDITOR: file };
}

describe('--config ask', () => {
  needs('script');

  test('asks for each contested file before the plan is accepted; keep leaves yours', async () => {
    const t = workbench();
    const next = await withConflict(t);
    const { exit, screen } = await onTerminal(
      t,
      ['install', '--config', 'ask', next],
      [
        [QUESTION, 'd'],
        [QUESTION, 'keep'],
        ['Go on?', 'y'],
      ],
    );
    expect(exit).toBe(0);
    expect(screen).toContain('+gzip on');
    expect(read(t)).toBe('port 2\nuser www\nlog info\n');
    expect(read(t, 'app.conf.pkg-new')).toContain('gzip on');
  });

  test('new takes the one of the bundle, yours lies beside it', async () => {
    const t = workbench();
    const next = await withConflict(t);
    await onTerminal(t, ['install', '--yes', '--config', 'ask', next], [[QUESTION, 'n']]);
    expect(read(t)).toContain('port 3');
    expect(read(t, 'app.conf.pkg-old')).toContain('port 2');
  });

  test('merge opens both in $EDITOR; marks left in it, and an editor that fails, take nothing', async () => {
    const t = workbench();
    const next = await withConflict(t);
    const script = [
      `case $(cat ${t.home}/turn 2>/dev/null) in`,
      `'') echo 1 > ${t.home}/turn; exit 3;;`,
      `1) echo 2 > ${t.home}/turn;;`,
      `*) sed -i -e '/^[<=>]/d' -e '/^port 3/d' "$1";;`,
      'esac',
    ];
    const env = editor(t, script.join('\n'));
    const { exit, screen } = await onTerminal(
      t,
      ['install', '--yes', '--config', 'ask', next],
      [
        [QUESTION, 'merge'],
        ['ended with 3; nothing was taken', null],
        [QUESTION, 'merge'],
        ['it still has conflict marks', null],
        [QUESTION, 'm'],
      ],
      env,
    );
    expect(screen).toContain('app.conf');
    expect(exit).toBe(0);
    expect(read(t)).toBe('port 2\nuser www\nlog info\ngzip on\n');
    expect(read(t, 'app.conf.pkg-old')).toBe('port 2\nuser www\nlog info\n');
  });

  test('an edit made after the answer stays in use, the merged text lies beside it', async () => {
    const t = workbench();
    await withConflict(t);
    const next = await t.bundle('app', '2.0.0', {
      files: { 'etc/app.conf': 'port 3\nuser www\nlog info\n' },
      config: [{ path: 'etc/app.conf' }],
      hooks: { preinstall: 'echo late >> "$PKG_ROOT/current/etc/app/app.conf"' },
    });
    const env = editor(t, 'echo "port 23" > "$1"');
    await onTerminal(t, ['install', '--yes', '--config', 'ask', next], [[QUESTION, 'edit']], env);
    expect(read(t)).toBe('port 2\nuser www\nlog info\nlate\n');
    expect(fs.readdirSync(t.at('current/etc/app')).map((name) => [name, read(t, name)])).toContainEqual([
      'app.conf.pkg-merged',
      'port 23\n',
    ]);
  });

  test('is refused where nobody can be asked, by file, and nothing was touched', async () => {
    const t = workbench();
    const refused = await t.pkg('install', '-y', '--json', '--no-input', '--config', 'ask', await withConflict(t));
    expect(refused.exit).toBe(3);
    expect(refused.error).toMatchObject({ code: 'config-conflict' });
    expect(refused.error.message).toContain('etc/app/app.conf');
    expect(fs.readlinkSync(t.at('current'))).toBe('generations/1');
  });
});

describe('pkg config', () => {
  test('lists what became of every file, and status says what waits', async () => {
    const t = workbench();
    await t.ok('install', '-y', await withConflict(t));
    fs.writeFileSync(live(t, 'local.conf'), 'mine\n');
    const { files } = (await t.ok('config', 'list', '--json')).json;
    expect(files.map(({ file, state }: { file: string; state: string }) => `${state} ${file}`)).toEqual([
      'edited app.conf',
      'waiting app.conf.pkg-new',
      'added local.conf',
    ]);
    expect((await t.ok('status', '--json')).json.configWaiting).toEqual([live(t, 'app.conf.pkg-new')]);
  });

  test('shows differences, and never a secret', async () => {
    const t = workbench();
    const file = path.join(t.home, 'answers.json');
    fs.writeFileSync(file, JSON.stringify({ app: { password: 'open sesame' } }));
    const archive = await t.bundle('app', '1.0.0', {
      files: { 'etc/app.conf': 'password {{setting.password}}\nport 1\n' },
      config: [{ path: 'etc/app.conf', template: true }],
      settings: { password: { type: 'string', secret: true } },
    });
    await t.ok('install', '-y', '--settings', file, archive);
    fs.writeFileSync(live(t), 'password open sesame\nport 2\n');
    const { out } = await t.ok('config', 'diff', 'app');
    expect(out).toContain('+port 2');
    expect(out).toContain(' password ***');
    expect(out).not.toContain('open sesame');
  });

  test('merge brings the new one in, or takes it away', async () => {
    const t = workbench();
    await t.ok('install', '-y', await withConflict(t));
    expect((await t.pkg('config', 'merge', 'app', '--no-input')).exit).toBe(3);
    const { json } = await t.ok('config', 'merge', 'app', 'app.conf', '--new', '--json');
    expect(json).toMatchObject({ event: 'result', took: 'new', keptAs: 'app.conf.pkg-old' });
    expect(read(t)).toContain('port 3');
    expect(read(t, 'app.conf.pkg-old')).toContain('port 2');
    expect((await t.pkg('config', 'merge', 'app')).exit).toBe(3);
  });
});
