import { join } from 'node:path';
import { renderToString } from 'ink';
import { createElement } from 'react';
import { describe, expect, test } from 'vitest';
import { homeFrame } from '../../src/cli/tui/home/frame.ts';
import { reduceHome } from '../../src/cli/tui/home/reduce.ts';
import type { Home } from '../../src/cli/tui/home/state.ts';
import type { Outlook } from '../../src/cli/tui/choose/state.ts';
import { Frame } from '../../src/cli/tui/terminal/app.tsx';
import { PLAIN } from '../../src/cli/tui/terminal/plain.ts';
import { screenWords } from '../../src/cli/whole-screen.ts';
import { chosenHome, homeAfter, keysOf, OFFERS, outlook } from './home-sample.ts';

const REFUSED: Outlook = {
  kind: 'refusal',
  refusal: {
    code: 'dependency',
    message: 'web 2.0.0 needs perl >=5.8, but perl would be 5.6.0',
    causes: [{ message: 'web 2.0.0 is asked for' }],
    hint: 'install perl 5.8.0 with it: pkg install web-2.0.0.tgz perl@5.8.0',
  },
  cure: new Map([['perl', { kind: 'version', to: { version: '5.8.0', place: 'given', file: 'perl-5.8.0.tgz' } }]]),
};

const SCREENS: Readonly<Record<string, () => Home>> = {
  bundles: chosenHome,
  'bundles-refused': () => outlook(homeAfter(...keysOf('end', ' ')), REFUSED),
  'bundles-help': () => homeAfter(...keysOf('?')),
  services: () => homeAfter(...keysOf('2', 'down', 'r')),
  configuration: () => homeAfter(...keysOf('3')),
  history: () => homeAfter(...keysOf('4', 'down', 'down')),
};

describe('the whole screen', () => {
  test.each(Object.entries(SCREENS))('%s is what docs/screens shows', async (name, home) => {
    const file = join(import.meta.dirname, '../../docs/screens', `${name}.txt`);
    await expect(`${drawn(home()).replaceAll(/\d\d:\d\d/g, '12:00')}\n`).toMatchFileSnapshot(file);
  });

  test.each(Object.entries(SCREENS))('%s fits into every window down to 60x15', (_, home) => {
    for (const [columns, rows] of [
      [60, 15],
      [80, 24],
      [200, 60],
    ] as const) {
      const lines = drawn(reduceHome(home(), { kind: 'size', size: { columns, rows } })).split('\n');
      expect(lines.length).toBeLessThanOrEqual(rows);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
      expect(lines.join('\n')).toMatch(/\? keys|Esc  back/);
      expect(lines.find((line) => line.startsWith('? keys')) ?? '').not.toContain('~');
    }
  });

  test('has one row that one is on, however long the list is, and draws only what can be seen', () => {
    const offers = Array.from({ length: 1000 }, (_, n) => ({
      ...OFFERS[0],
      name: `bundle-${n}`,
      installed: null,
      versions: [],
    }));
    for (const keys of [['end'], ['page-down', 'page-down', 'up'], ['/', '9', '9', '9']]) {
      const lines = drawn(homeAfter({ kind: 'offers', offers, problems: [] }, ...keysOf(...keys))).split('\n');
      expect(lines.filter((line) => line.startsWith('>'))).toHaveLength(1);
      expect(lines).toHaveLength(24);
    }
  });
});

describe('to choose', () => {
  const after = (...keys: readonly string[]): Home => homeAfter(...keysOf(...keys));
  const command = (home: Home): string => drawn(home).split('\n').at(-1) ?? '';

  test('Space takes the highest version, and takes it back', () => {
    expect(command(after('end', ' '))).toBe('$ pkg install web-2.0.0.tgz');
    expect(command(after('end', ' ', ' '))).toBe('');
  });

  test('left and right go through the versions, and x takes a bundle out', () => {
    expect(command(after('left'))).toBe('$ pkg downgrade mod_perl@1.25.0');
    expect(command(after('<'))).toBe('$ pkg downgrade mod_perl@1.25.0');
    expect(command(after('left', 'right'))).toBe('');
    expect(command(after('left', '>'))).toBe('');
    expect(command(after('right'))).toBe('$ pkg install mod_perl-1.27.0.tgz');
    expect(command(after('down', 'x'))).toBe('$ pkg remove old-web');
    expect(command(after('left', 'down', 'x', 'end', ' '))).toBe(
      '$ pkg downgrade mod_perl@1.25.0 web-2.0.0.tgz --remove old-web',
    );
    expect(command(after('down', 'x', 'end', ' '))).toBe('$ pkg install web-2.0.0.tgz --remove old-web');
  });

  test('u takes everything that is newer', () => {
    expect(command(after('u'))).toBe('$ pkg install mod_perl-1.27.0.tgz perl-5.8.0.tgz web-2.0.0.tgz');
  });

  test('the archives that a plan needs besides stand on the command line', () => {
    expect(command(chosenHome())).toBe('$ pkg install web-2.0.0.tgz perl-5.8.0.tgz');
  });

  test('what cannot be is not gone on with, and a takes what would make it possible', () => {
    const refused = outlook(after('end', ' '), REFUSED);
    const stayed = keysOf('enter').reduce(reduceHome, refused);
    expect(stayed.words).toBe(null);
    expect(drawn(stayed)).toContain('This cannot be: web 2.0.0 needs perl >=5.8');
    const cured = keysOf('a').reduce(reduceHome, refused);
    expect(command(cured)).toBe('$ pkg install web-2.0.0.tgz perl-5.8.0.tgz');
  });

  test('going down is consented to only where that is asked for', () => {
    const refusal = { code: 'downgrade-needs-force', message: 'lower', causes: [] };
    expect(command(after('left', 'f'))).toBe('$ pkg downgrade mod_perl@1.25.0');
    const asked = outlook(after('left'), { kind: 'refusal', refusal, cure: null });
    expect(command(keysOf('f').reduce(reduceHome, asked))).toBe('$ pkg downgrade --force mod_perl@1.25.0');
    expect(command(keysOf('f', 'f').reduce(reduceHome, asked))).toBe('$ pkg downgrade mod_perl@1.25.0');
  });

  test('Enter runs the command that is shown, once its plan is known', () => {
    expect(after('end', ' ', 'enter').words).toBe(null);
    expect(keysOf('enter').reduce(reduceHome, chosenHome()).words).toEqual([
      'install',
      'web-2.0.0.tgz',
      'perl-5.8.0.tgz',
    ]);
  });

  test('the command line can be pasted however long it is: on lines below each other, or on a page of its own', () => {
    const offers = Array.from({ length: 30 }, (_, n) => ({
      name: `bundle-${n}`,
      installed: '1.0.0',
      versions: [{ version: '2.0.0', place: 'given' as const, file: `bundle-${n}-2.0.0.tgz` }],
    }));
    const some = homeAfter({ kind: 'offers', offers: offers.slice(0, 4), problems: [] }, ...keysOf('u'));
    const rooted = { ...some, options: ['--root', '/srv/the root'] };
    expect(drawn(rooted).split('\n').slice(-2).join('\n')).toBe(
      "$ pkg --root '/srv/the root' install bundle-0-2.0.0.tgz bundle-1-2.0.0.tgz \\\n" +
        '    bundle-2-2.0.0.tgz bundle-3-2.0.0.tgz',
    );
    const all = homeAfter({ kind: 'offers', offers, problems: [] }, ...keysOf('u'));
    expect(drawn(all)).toContain('$ shows all of it');
    expect(drawn(all).split('\n')).toHaveLength(24);
    const page = keysOf('$').reduce(reduceHome, all);
    expect(page.page?.lines?.join('\n').replaceAll(/ \\\n */g, ' ')).toBe(
      `$ pkg install ${offers.map(({ versions }) => versions[0]?.file).join(' ')}`,
    );
  });

  test('reasons that have no room are read on a page; what would help stands before them', () => {
    const causes = Array.from({ length: 20 }, (_, n) => ({ message: `reason ${n}` }));
    const refusal = { code: 'dependency', message: 'it does not fit', causes, hint: 'take less: pkg install a.tgz' };
    const refused = outlook(after('end', ' '), { kind: 'refusal', refusal, cure: null });
    const small = reduceHome(refused, { kind: 'size', size: { columns: 60, rows: 15 } });
    expect(drawn(small)).toContain('it could be: take less: pkg install a.tgz');
    expect(drawn(small)).toContain('more lines: w shows all');
    expect(keysOf('w').reduce(reduceHome, small).page?.lines?.join('\n')).toContain('reason 19');
  });

  test('the keys can be scrolled through where they do not fit', () => {
    const small = reduceHome(after('?'), { kind: 'size', size: { columns: 60, rows: 15 } });
    expect(drawn(small)).not.toContain('q, Ctrl-C');
    expect(drawn(keysOf('end').reduce(reduceHome, small))).toContain('q, Ctrl-C');
    expect(keysOf('q').reduce(reduceHome, small)).toMatchObject({ page: null, words: null });
  });

  test('an answer that comes too late is none', () => {
    const late = after('end', ' ');
    const now = keysOf('x').reduce(reduceHome, late);
    expect(reduceHome(now, { kind: 'outlook', of: late.bundles, outlook: REFUSED }).bundles.outlook).toBe(null);
  });

  test('letters of a filter are no commands; Esc shows all again, then forgets the choice, then leaves', () => {
    const found = after('/', 'w', 'e', 'q');
    expect(found).toMatchObject({ words: null });
    expect(drawn(found)).toContain("no bundle has 'weq' in its name");
    const filtered = after('/', 'w', 'e', 'b', 'enter', 'down', ' ');
    expect(command(filtered)).toBe('$ pkg install web-2.0.0.tgz');
    const steps = [1, 2, 3].map((count) => keysOf(...Array<string>(count).fill('escape')).reduce(reduceHome, filtered));
    expect(steps.map(({ bundles, words }) => [bundles.list.filter, bundles.picks.size, words])).toEqual([
      ['', 1, null],
      ['', 0, null],
      ['', 0, []],
    ]);
  });
});

describe('the other views', () => {
  const after = (...keys: readonly string[]): Home => homeAfter(...keysOf(...keys));

  test('a service is stopped and restarted only after a yes', () => {
    expect(after('2', 'down', 't').words).toBe(null);
    expect(after('2', 'down', 't', 'x').words).toBe(null);
    expect(after('2', 'down', 't', 'y').words).toEqual(['service', 'stop', 'web/server']);
    expect(after('2', 'down', 'l').words).toEqual(['service', 'reload', 'web/server']);
    expect(after('2', 'down', 'enter').page?.wish).toEqual({
      kind: 'service-log',
      service: 'web/server',
      isFollowed: false,
    });
  });

  test('a file that waits is settled, others are only looked at', () => {
    expect(after('3', 'm').words).toEqual(['config', 'merge', 'web', 'web.conf']);
    expect(after('3', 'n').words).toEqual(['config', 'merge', 'web', 'web.conf', '--new']);
    expect(after('3', 'down', 'm').words).toBe(null);
    expect(after('3', 'down', 'enter').page?.wish).toEqual({ kind: 'config-diff', bundle: 'web', file: 'web.conf' });
  });

  test('one goes back to generations that are kept and not live, and compares two of them', () => {
    expect(after('4', 'r').words).toBe(null);
    expect(after('4', 'down', 'r').words).toBe(null);
    expect(after('4', 'down', 'down', 'r').words).toEqual(['rollback', '2']);
    expect(after('4', 'end', 'r').words).toBe(null);
    expect(after('4', 'down', 'down', 'd').page?.wish).toEqual({ kind: 'difference', from: 2, to: 3 });
    expect(after('4', 'down', 'down', ' ', 'up', 'd').page?.wish).toEqual({ kind: 'difference', from: 2, to: 3 });
  });

  test('a page is read, scrolled and left', () => {
    const open = after('4', 'enter');
    const wish = open.page?.wish ?? { kind: 'transaction', id: 0 };
    const lines = Array.from({ length: 50 }, (_, n) => `line ${n}`);
    const read = reduceHome(open, { kind: 'page', wish, lines });
    expect(drawn(read)).toContain('line 0');
    expect(drawn(keysOf('end').reduce(reduceHome, read))).toContain('line 49');
    expect(keysOf('escape').reduce(reduceHome, read)).toMatchObject({ page: null, words: null });
    const log = after('2', 'enter');
    const end = reduceHome(log, { kind: 'page', wish: log.page?.wish ?? wish, lines });
    expect(drawn(end)).toContain('line 49');
    expect(drawn(keysOf('up').reduce(reduceHome, end))).not.toContain('line 49');
  });
});

describe('a log that is followed', () => {
  const begun = (...keys: readonly string[]): Home => {
    const open = homeAfter(...keysOf('2', ...keys));
    const lines = Array.from({ length: 50 }, (_, n) => `line ${n}`);
    return open.page === null ? open : reduceHome(open, { kind: 'page', wish: open.page.wish, lines });
  };
  const comes = (home: Home, ...lines: readonly string[]): Home =>
    home.page === null ? home : reduceHome(home, { kind: 'more', wish: home.page.wish, lines });

  test('is seen at its end, whatever comes and however large the window is', () => {
    const log = comes(begun('f'), 'line 50');
    expect(drawn(log)).toContain('line 50');
    expect(drawn(log)).toContain('the log of mod_perl/apache, followed');
    expect(drawn(log).split('\n').at(-1)).toBe('$ pkg logs -f mod_perl/apache');
    const small = reduceHome(log, { kind: 'size', size: { columns: 60, rows: 15 } });
    expect(drawn(small)).toContain('line 50');
  });

  test('stands still when one scrolls back, and goes on with f', () => {
    const back = keysOf('up').reduce(reduceHome, comes(begun('f'), 'line 50'));
    expect(drawn(back)).not.toContain('line 50');
    expect(drawn(back)).toContain('line 49');
    expect(drawn(back)).toContain('f  follow');
    expect(drawn(keysOf('f').reduce(reduceHome, back))).toContain('line 50');
    // What was read for the page as it was before is not for this one.
    const late = begun('f');
    const wish = late.page?.wish ?? { kind: 'transaction', id: 0 };
    const stopped = keysOf('f').reduce(reduceHome, late);
    expect(reduceHome(stopped, { kind: 'more', wish, lines: ['too late'] })).toBe(stopped);
  });

  test('holds only its last lines', () => {
    const lines = Array.from({ length: 5_000 }, (_, n) => `flood ${n}`);
    const { page } = comes(begun('f'), ...lines);
    expect(page?.lines).toHaveLength(2_000);
    expect(page?.lines?.at(-1)).toBe('flood 4999');
  });
});

describe('the words that open it', () => {
  test('are none, archives, and where the root is', () => {
    expect(screenWords([])).toEqual({ options: [], named: [] });
    expect(screenWords(['--root', '/srv', 'a.tgz', './b'])).toEqual({
      options: ['--root', '/srv'],
      named: ['a.tgz', './b'],
    });
    expect(screenWords(['--root=/srv', '--color', 'never'])?.options).toEqual(['--root=/srv', '--color', 'never']);
    for (const other of [['list'], ['--json'], ['-'], ['--version'], ['a.tgz', '--yes'], ['--root']])
      expect(screenWords(other)).toBe(null);
  });
});

function drawn(home: Home): string {
  return renderToString(createElement(Frame, { lines: homeFrame(home, PLAIN) }), { columns: home.size.columns });
}
