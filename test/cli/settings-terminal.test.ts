import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { workbench } from '../support/pkg.ts';
import { onTerminal } from '../support/terminal.ts';

const SETTINGS = {
  port: { type: 'number', default: 8080, prompt: 'Port to listen on', max: 65535 },
  storage: { type: 'choice', choices: ['files', 'redis'], default: 'files' },
  host: { type: 'string', when: 'storage=redis', prompt: 'Where redis is' },
  password: { type: 'string', secret: true, prompt: 'Password' },
};

describe('settings on a terminal', () => {
  needs('script');

  test('are asked once, before the plan, until the answer can be taken', async () => {
    const t = workbench();
    const archive = await t.bundle('web', '1.0.0', { settings: SETTINGS });
    const { exit, screen } = await onTerminal(
      t,
      ['install', archive],
      [
        ['web.storage: storage (files, redis) [files]', 'redis'],
        ['web.host: Where redis is', 'db.example'],
        ['web.password: Password', 'open sesame'],
        ['web.port: Port to listen on [8080]', 'eighty'],
        ['web.port must be a number', ''],
        ['Go on? [y/N]', 'y'],
      ],
    );
    expect(exit).toBe(0);
    expect(screen.match(/web\.password: Password/g)).toHaveLength(1);
    expect(screen).not.toContain('open sesame');
    expect(JSON.parse(t.read('current/settings.json')).web).toEqual({
      password: 'open sesame',
      port: 8080,
      storage: 'redis',
      host: 'db.example',
    });
  });

  test('are asked in words that cannot move the cursor', async () => {
    const t = workbench();
    const asks = { type: 'string', prompt: 'Where\u001b[2J' };
    const archive = await t.bundle('web', '1.0.0', { settings: { host: asks, password: { ...asks, secret: true } } });
    const { screen } = await onTerminal(
      t,
      ['install', archive],
      [
        [String.raw`web.host: Where\x1b[2J`, 'here'],
        [String.raw`web.password: Where\x1b[2J`, 'open sesame'],
        ['Go on? [y/N]', 'n'],
      ],
    );
    expect(screen).not.toContain('Where\u001b');
  });

  test('that another answer makes needless are not asked, and nothing at all on the next upgrade', async () => {
    const t = workbench();
    const archive = await t.bundle('web', '1.0.0', { settings: SETTINGS });
    const first = await onTerminal(
      t,
      ['install', archive],
      [
        ['web.storage', ''],
        ['web.password', 'secret'],
        ['web.port', ''],
        ['Go on?', 'y'],
      ],
    );
    expect(first.screen).not.toContain('Where redis is');
    const next = await t.bundle('web', '2.0.0', { settings: SETTINGS });
    const second = await onTerminal(t, ['install', next], [['Go on?', 'y']]);
    expect(second.exit).toBe(0);
    expect(second.screen).not.toContain('web.port');
  });

  test('with --yes only those without a default are asked; set asks for a secret by its key', async () => {
    const t = workbench();
    const archive = await t.bundle('web', '1.0.0', { settings: SETTINGS });
    expect((await onTerminal(t, ['install', '--yes', archive], [['web.password', 'first']])).exit).toBe(0);
    const words = ['settings', 'set', '--yes', 'web', 'password'];
    const changed = await onTerminal(t, words, [['web.password', 'second']]);
    expect(changed).toMatchObject({ exit: 0 });
    expect(changed.screen).toContain('***');
    expect(JSON.parse(t.read('current/settings.json')).web.password).toBe('second');
  });

  test('end of input is no answer: the change is refused, and nothing was made', async () => {
    const t = workbench();
    const archive = await t.bundle('web', '1.0.0', { settings: SETTINGS });
    const { exit, screen } = await onTerminal(
      t,
      ['install', path.resolve(archive)],
      [
        ['web.storage', '\x04'],
        ['web.password', '\x04'],
        ['web.port', '\x04'],
      ],
    );
    expect(exit).toBe(3);
    expect(screen).toContain('setting-missing');
    expect(t.exists('root.json')).toBe(false);
  });
});
