import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { PROGRAM, type Workbench } from './pkg.ts';

/** What somebody typed into a terminal, as a page shows it, and all the lines that it answered. */
type Exchange = { readonly typed: string; readonly said: readonly string[] };

/** Text of the page -> what it is on this machine, as `/srv/shop` and `8080`. */
export type Names = Readonly<Record<string, string | number>>;

/**
 * A page of docs/ as something that can be done: `goesOn()` types what the next session on it shows into a real shell, and
 * answers the session with what was said now, and as it stands on the page where that is the same. `machine` are the words
 * before a command that is to run on a machine of its own.
 */
export function pageToDo(page: string, t: Workbench, names: Names, machine: readonly string[] = []) {
  const sessions = sessionsOn(textOf(page));
  const type = shellOf(t, names, machine);
  return {
    /** The session that comes next, and how it goes; the shell stands in `t.home`. */
    async goesOn(): Promise<{ readonly shown: string; readonly happened: string }> {
      const session = sessions.shift();
      if (session === undefined) throw new Error(`${page} shows no further session`);
      const happened: Exchange[] = [];
      for (const { typed, said } of session) {
        const now = await type(typed);
        happened.push({ typed, said: isShown(said, now) ? said : now });
      }
      return { shown: inText(session), happened: inText(happened) };
    },
    /** How many sessions are still to be done. */
    left: (): number => sessions.length,
    /** What the next one types first. */
    next: (): string => sessions[0]?.[0]?.typed ?? '',
  };
}

/** Gives an archive a name that says on the page what is special about it. */
export function renameArchive(file: string, why: string): void {
  fs.renameSync(file, file.replace('.tgz', `-${why}.tgz`));
}

/** How many sessions a page or a section shows. */
export function countSessions(page: string): number {
  return sessionsOn(textOf(page)).length;
}

/** A page, or of `page.md#its-section` that section. */
function textOf(page: string): string {
  const [file = '', section] = page.split('#');
  const text = fs.readFileSync(path.join(import.meta.dirname, '../../docs', file), 'utf8');
  if (section === undefined) return text;
  const found = text.split(/^## /m).find((one) => anchorOf(one) === section);
  if (found === undefined) throw new Error(`${file} has no section ${section}`);
  return found;
}

function anchorOf(section: string): string {
  const [heading = ''] = section.split('\n');
  return heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}

function sessionsOn(text: string): Exchange[][] {
  const blocks = [...text.matchAll(/^```(?:console)?\n(\$ [^]*?)^```$/gm)].map(([, block = '']) => block);
  return blocks.map((block) =>
    block.split(/^\$ /m).flatMap((exchange) => {
      const [typed = '', ...said] = exchange.split('\n').filter(Boolean);
      return typed === '' ? [] : [{ typed, said }];
    }),
  );
}

/** A shell in which `pkg` is the built program, and whose answers name things as the page does. */
function shellOf(
  t: Workbench,
  names: Names,
  machine: readonly string[],
): (typed: string) => Promise<readonly string[]> {
  const bin = path.join(t.home, 'bin');
  fs.mkdirSync(bin, { recursive: true });
  fs.writeFileSync(path.join(bin, 'pkg'), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`, { mode: 0o755 });
  const env = { PATH: `${bin}:${process.env['PATH']}`, HOME: t.home, LANG: 'C.UTF-8', PKG_ROOT: t.root };
  const pairs = Object.entries(names).map(([shown, here]) => [shown, String(here)] as const);
  return async (typed) => {
    const command = pairs.reduce((text, [shown, here]) => text.replaceAll(shown, here), typed);
    const options = { cwd: t.home, env, extendEnv: false, reject: false, all: true, stdin: 'ignore' } as const;
    const [program = '', ...words] = [...machine, 'sh', '-c', `cd '${t.home}' && ${command}`];
    const { all } = await execa(program, words, options);
    return pairs
      .reduce((text, [shown, here]) => text.replaceAll(here, shown), all)
      .split(/\r?\n/)
      .filter(Boolean);
  };
}

/** Whether this was said, but for what is never twice the same; `…` stands for anything, alone in its line for any lines. */
function isShown(shown: readonly string[], said: readonly string[]): boolean {
  const pattern = shown.map((line) => (line === '…' ? '(?:.*\\n)*' : `${asPattern(line)}\\n`)).join('');
  return new RegExp(`^${pattern}$`).test(said.map((line) => `${line}\n`).join(''));
}

/** What may be another each time, as it stands in a pattern, and how that looks. */
const EVER_NEW: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{12}\b/g, '[0-9a-f]{12}'],
  [/(?<=\b(pid:?|stopping) )\d+/gi, '\\d+'],
  [/\b\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\\\.\d+)?)?)?/g, '[-\\dT:. ]+'],
  [/\b\d\d:\d\d(?= GMT)/g, '\\d\\d:\\d\\d'],
  [/[\d\\.]+ [kM]?B(?= came free)/g, '[\\d.]+ [kM]?B'],
  [/(about|after) [\d\\.]+ m?s/g, '(about|after) [\\d.]+ m?s'],
];

function asPattern(line: string): string {
  const literal = line.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll('…', '.*');
  return EVER_NEW.reduce((text, [what, pattern]) => text.replaceAll(what, () => pattern), literal);
}

function inText(session: readonly Exchange[]): string {
  return session.map(({ typed, said }) => [`$ ${typed}`, ...said, ''].join('\n')).join('');
}
