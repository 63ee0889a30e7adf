import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

// The rules of docs/architecture.md, as far as they can be read off the files.

const TOP = join(import.meta.dirname, '..');
const SUBJECTS = ['bundle', 'store', 'config', 'hook', 'service', 'traffic'];

/** Whom a room may import, besides itself. Types alone may come from further down: `TYPES_ONLY`. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  main: ['cli', 'model', 'error'],
  index: ['operations', 'model', 'error'],
  cli: ['operations', 'system', 'model', 'error'],
  operations: ['steps', 'plan', 'transaction', ...SUBJECTS, 'system', 'model', 'error'],
  steps: [...SUBJECTS, 'system', 'model', 'error'],
  ...Object.fromEntries(SUBJECTS.map((room) => [room, ['system', 'model', 'error']])),
  transaction: ['system', 'model', 'error'],
  system: ['model', 'error'],
  plan: ['model', 'error'],
  model: ['error'],
  error: [],
};

const TYPES_ONLY: Readonly<Record<string, readonly string[]>> = {
  cli: ['transaction', 'plan', ...SUBJECTS],
  steps: ['transaction'],
};

/** Rooms of many alike things: each file is a door, so that a command loads only what it needs. */
const MANY_DOORS = /^(operations|cli\/commands)(\/|$)/;

type Import = { readonly from: string; readonly to: string; readonly isType: boolean };

const sources = filesBelow('src').filter((file) => /\.tsx?$/.test(file));
const imports = sources.flatMap(importsOf);
const own = imports.filter(({ to }) => to.startsWith('.')).map((one) => ({ ...one, to: resolved(one) }));

describe('rooms', () => {
  test('the imports are seen at all', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(own.length).toBeGreaterThan(sources.length);
  });

  test('every room is in the table', () => {
    expect([...new Set(sources.map(roomOf))].filter((room) => MAY_IMPORT[room] === undefined)).toEqual([]);
  });

  test('imports go down only, and subject rooms do not know each other', () => {
    expect(own.filter(({ from, to, isType }) => !mayImport(roomOf(from), roomOf(to), isType)).map(inWords)).toEqual([]);
  });

  test('a room is entered through its index.ts', () => {
    const entries = own.filter(({ from, to }) => roomOf(from) !== roomOf(to));
    expect(entries.filter(({ to }) => !isDoor(to)).map(inWords)).toEqual([]);
  });

  test('every import names a file that is there', () => {
    expect(own.filter(({ to }) => !existsSync(join(TOP, to))).map(inWords)).toEqual([]);
  });
});

describe('the world outside', () => {
  test('the nouns and the decisions know no node: module and no library but semver', () => {
    const outside = imports.filter(({ to }) => !to.startsWith('.') && to !== 'semver');
    expect(outside.filter(({ from }) => ['model', 'plan'].includes(roomOf(from))).map(inWords)).toEqual([]);
  });

  test('a decision reads no clock, no chance and no process', () => {
    expect(
      using(/\bprocess\.|\bDate\.now|new Date\(\)|Math\.random|\bperformance\./, ['src/model/', 'src/plan/']),
    ).toEqual([]);
  });

  test('only the screen draws with ink and react', () => {
    const drawing = imports.filter(({ to }) => /^(@inkjs\/|ink\b|react\b)/.test(to));
    expect(drawing.filter(({ from }) => !from.startsWith('src/cli/tui/')).map(inWords)).toEqual([]);
  });

  test('only main.ts reads the command line and the environment, and says how the program ends', () => {
    const files = using(/\bprocess\.(argv|env|exitCode|exit)\b/, ['src/']);
    expect(files.filter((file) => file !== 'src/main.ts')).toEqual([]);
  });
});

describe.skipIf(!existsSync(join(TOP, '.git')))('the checkout', () => {
  test('its top holds what a reader expects there, and dotfiles', () => {
    const top = [...new Set(tracked().map((file) => file.split('/')[0] ?? ''))].filter((name) => !name.startsWith('.'));
    const documents = ['CHANGELOG.md', 'LICENSE', 'README.md'];
    const folders = ['docs', 'fixtures', 'hooks', 'src', 'test'];
    expect(top.toSorted()).toEqual(
      [...documents, ...folders, 'package-lock.json', 'package.json', 'tsconfig.json'].toSorted(),
    );
  });

  test('no file names a place on the machine it was written on', () => {
    // In pieces, so that this file does not name one.
    const homes = ['wo-rk', 'ho-me', 'Us-ers'].map((name) => `/${name.replace('-', '')}/\\w`);
    const here = RegExp.escape(`${TOP}/`);
    const place = new RegExp(`(?<![\\w.~}/-])(?:${[here, ...homes].join('|')})`);
    const there = tracked().filter((file) => existsSync(join(TOP, file)));
    expect(there.filter((file) => place.test(readFileSync(join(TOP, file), 'utf8')))).toEqual([]);
  });
});

function tracked(): readonly string[] {
  return execFileSync('git', ['ls-files'], { cwd: TOP, encoding: 'utf8' }).trim().split('\n');
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(TOP, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(relative(TOP, entry.parentPath), entry.name));
}

function importsOf(from: string): readonly Import[] {
  const text = readFileSync(join(TOP, from), 'utf8');
  const statements = text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^;'"]*?\sfrom\s)?'([^']+)'/gm);
  const calls = text.matchAll(/\b()import\(\s*'([^']+)'\s*\)/g);
  return [...statements, ...calls].map(([, type, to]) => ({
    from,
    to: to ?? '',
    isType: type !== undefined && type !== '',
  }));
}

function resolved({ from, to }: Import): string {
  return join(dirname(from), to);
}

/** `src/cli/tui/screen.tsx` is in `cli`, `src/main.ts` is `main`. */
function roomOf(file: string): string {
  return (file.split('/')[1] ?? '').replace(/\.tsx?$/, '');
}

function mayImport(from: string, to: string, isType: boolean): boolean {
  if (from === to || MAY_IMPORT[from]?.includes(to) === true) return true;
  return isType && TYPES_ONLY[from]?.includes(to) === true;
}

function isDoor(file: string): boolean {
  const folder = dirname(file).replace(/^src\/?/, '');
  return folder === '' || file.endsWith('/index.ts') || MANY_DOORS.test(folder);
}

/** The sources below some folders whose code, comments aside, uses something. */
function using(what: RegExp, folders: readonly string[]): readonly string[] {
  return sources.filter((file) => {
    if (!folders.some((folder) => file.startsWith(folder))) return false;
    const code = readFileSync(join(TOP, file), 'utf8').replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
    return what.test(code);
  });
}

function inWords({ from, to }: Import): string {
  return `${from} -> ${to}`;
}
