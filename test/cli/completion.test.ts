import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { PROGRAM, type Workbench, workbench } from '../support/pkg.ts';

/** A root with a kept and an installed version, a tag, and a `pkg` that a shell finds in `bin`. */
async function typing(): Promise<Workbench & { readonly bin: string }> {
  const t = workbench();
  await t.ok(
    'install',
    '-y',
    await t.bundle('web', '1.0.0', { files: { 'bin/web-ctl': '#!/bin/sh\n' }, bin: { 'web-ctl': 'bin/web-ctl' } }),
  );
  await t.ok(
    'install',
    '-y',
    await t.bundle('web', '1.1.0', {
      files: { 'bin/web-ctl': '#!/bin/sh\n' },
      bin: { 'web-ctl': 'bin/web-ctl' },
      settings: { port: { type: 'number', default: 80 } },
    }),
  );
  await t.ok('install', '-y', await t.bundle('app-with-1.2.3-in-it', '2.0.0-rc.1'));
  await t.ok('tag', 'before', '1');
  const bin = path.join(t.home, 'bin');
  fs.mkdirSync(bin);
  fs.writeFileSync(path.join(bin, 'pkg'), `#!/bin/sh\nexec ${process.execPath} ${PROGRAM} "$@"\n`, { mode: 0o755 });
  return { ...t, bin };
}

describe('pkg __complete', () => {
  test('offers words with their meaning, and says whether files fit', async () => {
    const t = await typing();
    const offered = async (...words: readonly string[]) => {
      const { lines } = await t.ok('__complete', '--', ...words);
      return { words: lines.slice(0, -1).map((line) => line.split('\t')[0]), directive: lines.at(-1) };
    };
    expect((await offered('ro')).words).toEqual(['rollback']);
    expect(await offered('remove', 'w')).toEqual({ words: ['web'], directive: ':4' });
    expect((await offered('remove', '')).words).toEqual(['app-with-1.2.3-in-it', 'web']);
    expect((await offered('info', 'web@')).words).toEqual(['web@1.0.0', 'web@1.1.0']);
    expect((await offered('info', 'app-with-1.2.3-in-it@')).words).toEqual(['app-with-1.2.3-in-it@2.0.0-rc.1']);
    expect((await offered('rollback', '')).words).toEqual(['1', '2', '3', 'before']);
    expect(await offered('install', 'w')).toEqual({ words: ['web'], directive: ':8' });
    expect(await offered('apply', '')).toEqual({ words: [], directive: ':0' });
    expect((await offered('explain', 'loc')).words).toEqual(['locked']);
    expect((await offered('exec', '--', '')).words).toEqual(['web-ctl']);
    expect((await offered('exec', '--generation', '')).words).toEqual(['1', '2', '3', 'before']);
    expect((await offered('plan', 'roll')).words).toEqual(['rollback']);
    expect((await offered('plan', 'rollback', '')).words).toEqual(['1', '2', '3', 'before']);
    expect((await offered('gc', '--k')).words).toEqual(['--keep']);
    expect((await offered('install', '--max-class', 're')).words).toEqual(['reload', 'replace', 'restart']);
    expect(await offered('install', '--settings', '')).toEqual({ words: [], directive: ':0' });
    expect(await offered('build', '--against', '')).toEqual({ words: [], directive: ':8' });
    expect((await offered('init', '--template', '')).words).toEqual(['static', 'node', 'systemd', 'erlang', 'hooks']);
    expect((await offered('--root', '/nowhere', 'remove', '')).words).toEqual([]);
    expect((await offered('nonsense', '')).directive).toBe(':4');
    expect(await offered('downgrade', 'w')).toEqual({ words: ['web'], directive: ':8' });
    expect((await offered('tag', '--delete', '')).words).toEqual(['before']);
    expect((await offered('history', '')).words).toEqual(['1', '2', '3']);
    expect((await offered('logs', '--transaction', '')).words).toEqual(['1', '2', '3']);
    await t.ok('windows', 'add', 'night', '* * * * *', '1h');
    expect((await offered('windows', 'remove', '')).words).toEqual(['night']);
    await t.ok('notify', 'add', 'chat', '--', '/bin/true');
    expect((await offered('notify', 'remove', '')).words).toEqual(['chat']);
    expect((await offered('notify', 'add', 'pager', '--on', 'un')).words).toEqual(['undone']);
    expect((await offered('maintenance', 'proxy', '')).words).toEqual(['nginx', 'haproxy']);
    expect(await offered('settings', 'set', 'web', '')).toEqual({ words: ['port'], directive: ':4' });
    await t.ok('remove', '-y', 'app-with-1.2.3-in-it');
    await t.ok('tag', '--delete', 'before');
    fs.rmSync(t.at('store'), { recursive: true });
    expect((await offered('install', 'app')).words).toEqual(['app-with-1.2.3-in-it']);
    expect((await offered('install', 'app-with-1.2.3-in-it@')).words).toEqual(['app-with-1.2.3-in-it@2.0.0-rc.1']);
  });

  test('asks nobody for the lock and makes no root', async () => {
    const t = workbench();
    await t.ok('__complete', '--', 'remove', '');
    expect(fs.existsSync(t.root)).toBe(false);
  });
});

type Shell = Workbench & { readonly bin: string };

const inShell = (t: Shell, program: string, args: readonly string[]): readonly string[] => {
  const env = { PATH: `${t.bin}:${process.env.PATH}`, HOME: t.home, PKG_ROOT: t.root };
  const out = execFileSync(program, args, { cwd: t.home, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return out.split('\n').filter((line) => line !== '');
};

describe('bash', () => {
  needs('bash');

  /** What bash offers when Tab is pressed behind `line`; `word` is what bash thinks is being completed. */
  const pressTab = (t: Shell, line: string, word: string): readonly string[] =>
    inShell(t, 'bash', [
      '--norc',
      '-euc',
      `source <(pkg completion bash); source <(pkg completion bash)
       COMP_LINE=$1 COMP_POINT=\${#1}
       complete -p pkg >/dev/null
       _pkg pkg "$2" ''
       printf '%s\\n' \${COMPREPLY[@]+"\${COMPREPLY[@]}"}`,
      'bash',
      line,
      word,
    ]);

  test('completes commands, bundles and versions, also sourced twice with set -eu', async () => {
    const t = await typing();
    expect(pressTab(t, 'pkg rol', 'rol')).toEqual(['rollback']);
    expect(pressTab(t, 'pkg remove ', '')).toEqual(['app-with-1.2.3-in-it', 'web']);
    expect(pressTab(t, 'pkg info web@1.1', '1.1')).toEqual(['1.1.0']);
    expect(pressTab(t, 'pkg info web@', '')).toEqual(['1.0.0', '1.1.0']);
    expect(pressTab(t, 'pkg rollback be', 'be')).toEqual(['before']);
  });

  test('offers archives and folders where an archive is meant', async () => {
    const t = await typing();
    fs.mkdirSync(path.join(t.home, 'inbox'));
    for (const name of ['web 2.tgz', 'notes.txt']) fs.writeFileSync(path.join(t.home, 'inbox', name), '');
    expect(pressTab(t, 'pkg install in', 'in')).toEqual(['inbox']);
    expect(pressTab(t, 'pkg install inbox/', 'inbox/')).toEqual(['inbox/web 2.tgz']);
    expect(pressTab(t, 'pkg apply inbox/n', 'inbox/n')).toEqual(['inbox/notes.txt']);
  });

  test('runs nothing that was typed', async () => {
    const t = await typing();
    pressTab(t, 'pkg remove $(touch pwned) `touch pwned` "; touch pwned ', '');
    pressTab(t, 'pkg remove $(touch${IFS}pwned)', '$(touch${IFS}pwned)');
    pressTab(t, 'pkg apply $(touch${IFS}pwned)', '$(touch${IFS}pwned)');
    expect(fs.existsSync(path.join(t.home, 'pwned'))).toBe(false);
  });
});

describe('zsh', () => {
  needs('zsh');

  test('takes the script, twice, and offers bundles', async () => {
    const t = await typing();
    const lines = inShell(t, 'zsh', [
      '-fc',
      `set -u; autoload -Uz compinit; compinit -D -u; source <(pkg completion zsh); source <(pkg completion zsh)
       _describe() { print -l -- "\${described[@]}" }; _files() { :; }
       words=(pkg remove w); CURRENT=3; _pkg`,
    ]);
    expect(lines).toEqual(['web:1.1.0']);
  });
});

describe('fish', () => {
  needs('fish');

  test('offers bundles and versions', async () => {
    const t = await typing();
    const script = 'pkg completion fish | source; pkg completion fish | source; complete -C"pkg info web@1.1"';
    expect(inShell(t, 'fish', ['--no-config', '-c', script])).toEqual(['web@1.1.0\tinstalled']);
  });
});
