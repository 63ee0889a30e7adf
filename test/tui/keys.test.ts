import type { Key } from 'ink';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/model/index.ts';
import { cut, cutBefore } from '../../src/cli/tui/list/cut.ts';
import { changeTree } from '../../src/cli/tui/plan/change-tree.ts';
import { commandLines } from '../../src/cli/tui/plan/command-lines.ts';
import { PLAIN } from '../../src/cli/tui/terminal/plain.ts';
import { readKeys } from '../../src/cli/tui/terminal/read-keys.ts';
import { conflictLines } from '../../src/cli/tui/conflict/conflict-lines.ts';
import { sideBySide } from '../../src/cli/tui/conflict/side-by-side.ts';
import type { Conflict, Input } from '../../src/cli/tui/change/state.ts';
import { reduce } from '../../src/cli/tui/change/reduce.ts';
import { answersOf } from '../../src/cli/tui/settings/form.ts';
import { wrapLine } from '../../src/cli/tui/terminal/wrap-line.ts';
import { ASKED, ASKED_ONE_WAY, CONFLICT, FORM, keys, LOSS, PLAN, screenAfter, UNDONE, WORKING } from './sample.ts';

const answers = (...inputs: readonly Input[]) => screenAfter(...inputs).answer;

describe('the plan', () => {
  test.each([
    ['y', 'yes'],
    ['n', 'no'],
    ['q', 'no'],
    ['escape', 'no'],
    ['interrupt', 'interrupt'],
    ['x', null],
    ['enter', null],
  ])('%s answers %s', (key, answer) => {
    expect(answers(...ASKED, ...keys(key))).toBe(answer);
  });

  test('that cannot be taken back wants the whole word', () => {
    expect(answers(...ASKED_ONE_WAY, ...keys('y'))).toBe(null);
    expect(answers(...ASKED_ONE_WAY, ...keys('y', 'enter'))).toBe(null);
    expect(answers(...ASKED_ONE_WAY, ...keys('y', 'x', 'backspace', 'e', 's', 'enter'))).toBe('yes');
  });

  test('Esc takes back what was typed, then leaves', () => {
    expect(answers(...ASKED_ONE_WAY, ...keys('y', 'e', 'escape'))).toBe(null);
    expect(answers(...ASKED_ONE_WAY, ...keys('y', 'e', 'escape', 'escape'))).toBe('no');
  });

  test('help closes with any key, which does nothing else', () => {
    const open = screenAfter(...ASKED, ...keys('?', 'y'));
    expect(open).toMatchObject({ isHelpOpen: false, answer: null });
  });

  test('help is scrolled through where it does not fit', () => {
    const small = { kind: 'size', size: { columns: 60, rows: 10 } } as const;
    const help = screenAfter(...WORKING, small, ...keys('?', 'down'));
    expect(help).toMatchObject({ isHelpOpen: true, scroll: 1 });
    expect(reduce(help, { kind: 'key', key: 'x' })).toMatchObject({ isHelpOpen: false, scroll: 0 });
  });

  test('a terminal that goes away is no yes', () => {
    expect(answers(...ASKED, { kind: 'lost' })).toBe('lost');
  });

  test('a signal from elsewhere ends the question', () => {
    expect(answers(...ASKED, { kind: 'signal' })).toBe('interrupt');
  });
});

describe('settings', () => {
  const after = (...names: readonly string[]) => screenAfter(FORM, ...keys(...names));
  const given = ({ form }: ReturnType<typeof after>) => form !== null && answersOf(form);

  test('are asked one after the other, only those that matter, until each answer can be taken', () => {
    const open = after('enter', ...'sesame', 'enter', ...'eighty', 'enter');
    expect(open).toMatchObject({ view: 'settings', answer: null, typed: 'eighty' });
    expect(open.form?.problem).toBe('must be a number');
    const done = keys('backspace', 'y', 'escape', ...'81', 'enter').reduce(reduce, open);
    expect(done).toMatchObject({ view: 'plan', answer: 'yes', typed: '' });
    expect(given(done)).toEqual({ web: { storage: 'files', password: 'sesame', port: 81 } });
    // The command line that does the same has what is no secret and no default.
    expect(done.answered).toEqual(['--set', 'web.port=81']);
  });

  test('with a few possible answers are chosen by arrow, and others then matter', () => {
    const host = after('down', 'down', 'enter', ...'db?', 'enter');
    expect(given(host)).toEqual({ web: { storage: 'redis', host: 'db?' } });
    expect(after('down', 'up').typed).toBe('files');
  });

  test('are gone back through by Esc, which first takes back what was typed, and at last leaves', () => {
    const back = after('down', 'enter', ...'db', 'enter', ...'pass', 'escape', 'escape', 'escape');
    expect(back).toMatchObject({ view: 'settings', answer: null, typed: '' });
    expect(back.form?.asked).toEqual([0]);
    // What was answered stands in brackets, and what no longer matters is no answer.
    const other = keys('up', 'enter', ...'sesame', 'enter', 'enter').reduce(reduce, back);
    expect(given(other)).toEqual({ web: { storage: 'files', password: 'sesame', port: 8080 } });
    expect(keys('escape').reduce(reduce, back).answer).toBe('no');
    expect(keys('interrupt').reduce(reduce, back).answer).toBe('interrupt');
  });

  test('are no yes to a plan that is not there yet; who wants to leave meanwhile leaves', () => {
    const waiting = after('enter', 's', 'enter', 'enter', 'y', 'n');
    expect(waiting).toMatchObject({ view: 'plan', answer: 'yes' });
    const left = [...keys('interrupt'), ...ASKED].reduce(reduce, waiting);
    expect(left.answer).toBe('interrupt');
    expect(ASKED.reduce(reduce, waiting)).toMatchObject({ view: 'plan', answer: null });
  });
});

describe('data that is deleted for good', () => {
  test('is named in full; Esc takes back what was typed, then leaves', () => {
    expect(screenAfter(LOSS, ...keys(...'wen', 'backspace', 'b', 'enter'))).toMatchObject({
      view: 'work',
      answer: 'yes',
      typed: 'web',
    });
    expect(screenAfter(LOSS, ...keys('q', '?', 'escape'))).toMatchObject({ view: 'name', answer: null, typed: '' });
    expect(answers(LOSS, ...keys('q', 'escape', 'escape'))).toBe('no');
    expect(answers(LOSS, ...keys('interrupt'))).toBe('interrupt');
  });
});

describe('a conflict', () => {
  test.each([
    ['k', 'keep'],
    ['n', 'new'],
    ['m', 'merge'],
    ['e', 'edit'],
    ['q', 'no'],
    ['y', null],
  ])('%s answers %s', (key, answer) => {
    expect(answers(CONFLICT, ...keys(key))).toBe(answer);
  });

  test('side by side has what was taken out beside what came in its place', () => {
    expect(sideBySide(['--- a', '+++ b', '@@ -1 +1 @@', ' same', '-old', '+new', '+more', ' end'])).toEqual([
      { left: '@@ -1 +1 @@', right: '@@ -1 +1 @@' },
      { left: 'same', right: 'same' },
      { left: 'old', right: 'new' },
      { left: null, right: 'more' },
      { left: 'end', right: 'end' },
    ]);
  });
});

describe('the work', () => {
  test('is not left by q, and counts each Ctrl-C', () => {
    const state = screenAfter(...WORKING, ...keys('q', 'interrupt', 'interrupt'));
    expect(state).toMatchObject({ isSeen: false, interrupts: 2 });
  });

  test('is left once it is over', () => {
    expect(screenAfter(...UNDONE, ...keys('x')).isSeen).toBe(false);
    expect(screenAfter(...UNDONE, ...keys('enter')).isSeen).toBe(true);
  });

  test('is followed at its end until one scrolls back', () => {
    const small = { kind: 'size', size: { columns: 60, rows: 10 } } as const;
    expect(screenAfter(...UNDONE, small, ...keys('up', 'up', 'down')).scroll).toBe(1);
    expect(screenAfter(...UNDONE, small, ...keys('home', 'end')).scroll).toBe(0);
  });
});

describe('a line that is wider than the window', () => {
  test('goes on below, further right, in its colour', () => {
    const red = '\u001b[31m';
    const end = '\u001b[39m';
    expect(wrapLine(`  ${red}one two three four${end} five`, 16)).toEqual([
      `  ${red}one two three\u001b[0m`,
      `      ${red}four${end} five`,
    ]);
  });

  test('is counted in columns, of which East Asian letters and emoji take two', () => {
    expect(wrapLine('データを移行する', 16)).toEqual(['データを移行する']);
    expect(wrapLine('データを移行する', 12)).toEqual(['データを移行', '    する']);
    expect(wrapLine('ok 🚀🚀 go', 8)).toEqual(['ok 🚀🚀', '    go']);
    expect(cut('設定を変更', 10)).toBe('設定を変更');
    expect(cut('設定を変更', 8)).toBe('設定を~');
    expect(cut('a設定を変更', 8)).toBe('a設定を~');
    expect(cutBefore('設定を変更', 8)).toBe('~を変更');
    expect(cut('plain words', 8)).toBe('plain w~');
    expect(cutBefore('plain words', 8)).toBe('~n words');
    expect(commandLines('pkg install ./日本語.tgz ./b.tgz', 28, PLAIN)).toHaveLength(2);
  });

  test('beside another stays in its half, whatever its letters are', () => {
    const diff = ['@@ -1 +1 @@', '-名前 = 一', '+名前 = 二', ' # 長い長い長い説明が続く'];
    const conflict = { file: 'etc/a', diff, problem: null } as unknown as Conflict;
    const size = { columns: 33, rows: 20 };
    const lines = conflictLines(conflict, { ...screenAfter(), isDetailed: true, size }, PLAIN).slice(2);
    for (const line of lines) expect(stringWidth(line.slice(0, line.indexOf(' | '))), line).toBe(15);
  });

  test('of one long word is left as it is', () => {
    expect(wrapLine('/a/very/long/path', 10)).toEqual(['/a/very/long/path']);
  });
});

describe('a command line on the screen', () => {
  test('can be pasted as it stands, however many lines it needs', () => {
    const command = "pkg --root '/srv/the root' --yes install perl-5.8.0.tgz mod_perl-1.27.0.tgz web-2.0.0.tgz";
    const lines = commandLines(command, 40, PLAIN);
    expect(lines).toEqual([
      "$ pkg --root '/srv/the root' --yes \\",
      '    install perl-5.8.0.tgz \\',
      '    mod_perl-1.27.0.tgz web-2.0.0.tgz',
    ]);
    expect(commandLines('pkg --yes install a', 80, PLAIN)).toEqual(['$ pkg --yes install a']);
  });
});

describe('the plan as a tree', () => {
  const draw = (needs: Plan['needs'], names: readonly string[]): readonly string[] => {
    const changes = names.map((name) => ({ name, from: null, to: '1.0.0', direction: 'add', class: 'none' }) as const);
    return changeTree({ ...PLAN, changes, steps: [], ...(needs === undefined ? {} : { needs }) }, () => [], PLAIN);
  };
  const need = (by: string, on: string) => ({ by, on, as: on, range: '*' });

  test('has what is needed below who needs it, once', () => {
    expect(draw([need('a', 'b'), need('a', 'c'), need('b', 'c')], ['a', 'b', 'c'])).toEqual([
      '+ a  1.0.0  new',
      '    |- needs + b  1.0.0  new',
      '    |     `- needs + c  1.0.0  new',
      '    `- needs c, as above',
    ]);
  });

  test('has those that need each other, and those of plans that do not say who needs whom', () => {
    expect(draw([need('a', 'b'), need('b', 'a')], ['a', 'b'])).toEqual([
      '+ a  1.0.0  new',
      '    `- needs + b  1.0.0  new',
      '          `- needs a, as above',
    ]);
    expect(draw(undefined, ['a', 'b'])).toEqual(['+ a  1.0.0  new', '+ b  1.0.0  new']);
  });

  test('begins at the left again where there is no more room', () => {
    const names = Array.from({ length: 40 }, (_, n) => `bundle-${n}`);
    const lines = draw(
      names.slice(1).map((name, at) => need(names[at] ?? '', name)),
      names,
    );
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80);
    for (const name of names) expect(lines.filter((line) => line.includes(` ${name} `))).not.toEqual([]);
  });
});

describe('keys that arrive together', () => {
  const none = { ctrl: false } as Key;

  test.each([
    ['yes\r', none, ['y', 'e', 's', 'enter']],
    ['?x\ty', none, ['?', 'x', 'tab', 'y']],
    ['y\x03', none, ['y', 'interrupt']],
    ['c', { ...none, ctrl: true }, ['interrupt']],
    ['', { ...none, upArrow: true }, ['up']],
    ['', { ...none, leftArrow: true }, ['left']],
    ['', { ...none, rightArrow: true }, ['right']],
    ['\x00\x01', none, []],
    ['q', { ...none, meta: true }, ['escape', 'q']],
  ])('%j', (input, key, expected) => {
    expect(readKeys(input, key)).toEqual(expected);
  });
});
