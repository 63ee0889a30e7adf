import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { workbench } from '../support/pkg.ts';

const OPTIONS = { options: ['-y'] };

/** `web` in two versions with the same settings, its file edited in between; generation 2 is live. */
async function upgraded() {
  const t = workbench();
  const web = (version: string, conf: string) =>
    t.bundle('web', version, {
      files: { 'etc/web.conf': conf },
      config: [{ path: 'etc/web.conf' }],
      settings: {
        level: { type: 'string', default: 'info' },
        password: { type: 'string', secret: true, default: 'x' },
      },
    });
  await t.ok('install', ...OPTIONS.options, await web('1.0.0', 'one\n\n\nlast\n'));
  fs.appendFileSync(t.at('current/etc/web/web.conf'), '\nmine\n');
  await t.ok('install', ...OPTIONS.options, await web('1.1.0', 'two\n\n\nlast\n'));
  const damage = async () => {
    const { json } = await t.run(['verify', '--all', '--json']);
    return json.damage.map((one: { path: string; change: string }) => `${one.path} ${one.change}`);
  };
  return { ...t, damage };
}

describe('what stands beside the configuration to measure edits by', () => {
  test('is missed, is brought back from what else holds it, and named as lost where nothing does', async () => {
    const t = await upgraded();
    expect(await t.damage()).toEqual([]);
    const made = t.read('config/web/.created-2/web.conf');
    t.tamper('config/web/.created-2/web.conf', 'somebody was here\n');
    fs.rmSync(t.at('config/web/.shipped-1'), { recursive: true });
    t.tamper('config/web/.shipped-2/web.conf', '');
    expect(await t.damage()).toEqual([
      'config/web/.created-2/web.conf changed',
      'config/web/.shipped-2/web.conf changed',
      'config/web/.shipped-1/web.conf missing',
    ]);
    await t.ok('verify', '--all', '--repair');
    expect(await t.damage()).toEqual([]);
    expect(t.read('config/web/.created-2/web.conf')).toBe(made);
    expect(t.read('config/web/.shipped-2/web.conf')).toBe('two\n\n\nlast\n');

    // Edited since: what it was made as is nowhere else.
    fs.appendFileSync(t.at('current/etc/web/web.conf'), 'more\n');
    t.tamper('config/web/.created-2/web.conf', 'somebody was here\n');
    const repaired = await t.pkg('verify', '--all', '--repair');
    expect(repaired.exit).toBe(1);
    expect(repaired.err + repaired.out).toContain(
      'config/web/.created-2/web.conf is lost: its content exists nowhere else',
    );
    expect(t.read('current/etc/web/web.conf')).toContain('mine\nmore\n');
  });

  test('a note of what it holds that was changed is written again', async () => {
    const t = await upgraded();
    t.tamper('config/web/.sums-2', 'nonsense\n');
    expect(await t.damage()).toEqual(['config/web/.sums-2 changed']);
    await t.ok('verify', '--repair');
    expect(await t.damage()).toEqual([]);
    expect(fs.statSync(t.at('config/web/.sums-2')).mode & 0o777).toBe(0o600);
  });
});

describe('the settings of a generation', () => {
  test('are missed, come back from a generation with the same, and are named as lost where there is none', async () => {
    const t = await upgraded();
    const settings = t.read('generations/2/settings.json');
    t.tamper('generations/2/settings.json', settings.replace('info', 'debug'));
    expect(await t.damage()).toEqual(['generations/2/settings.json changed']);
    await t.ok('verify', '--repair');
    expect(JSON.parse(t.read('generations/2/settings.json'))).toEqual(JSON.parse(settings));
    for (const text of ['{"web": {', null]) {
      fs.rmSync(t.at('generations/2/settings.json'));
      if (text !== null) t.tamper('generations/2/settings.json', text);
      await t.ok('verify', '--repair');
      expect(await t.damage()).toEqual([]);
    }

    await t.ok('settings', 'set', ...OPTIONS.options, 'web', 'level=warn');
    fs.rmSync(t.at('generations/3/settings.json'));
    const lost = await t.pkg('verify', '--repair');
    expect(lost.exit).toBe(1);
    expect(lost.err + lost.out).toContain('the settings of generation 3 are lost: no other generation has the same');
  });
});
