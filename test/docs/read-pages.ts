import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const TOP = join(import.meta.dirname, '../..');

const FENCE = /^(`{3,})[^]*?^\1$/gm;

/** Something that names a place in the documentation: where it stands and what it names, from the top folder. */
export type Mention = { readonly from: string; readonly file: string; readonly anchor: string | null };

/** Every page of the project, as paths from its top folder. */
export function pages(): readonly string[] {
  const outside = (path: string) => /(^|\/)(node_modules|dist|coverage)(\/|$)/.test(path);
  return globSync('**/*.md', { cwd: TOP, exclude: outside }).toSorted();
}

/** The relative links of a page. */
export function linksOf(page: string): readonly Mention[] {
  const text = withoutCode(read(page));
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = '', anchor = null] = target.split('#');
      return { from: page, file: file === '' ? page : relative(TOP, join(TOP, dirname(page), file)), anchor };
    });
}

/** Every `docs/….md#…` that a file of `folder` mentions. */
export function mentionsBelow(folder: string): readonly Mention[] {
  return globSync(`${folder}/**/*.ts`, { cwd: TOP }).flatMap((from) =>
    [...read(from).matchAll(/\bdocs\/[\w/.-]+?\.md(?:#([\w-]+))?/g)].map((match) => ({
      from,
      file: (match[0] ?? '').split('#')[0] ?? '',
      anchor: match[1] ?? null,
    })),
  );
}

/** The commands of ours that a page shows: `pkg install …` in code, or typed behind a `$`. */
export function commandsIn(page: string): readonly string[] {
  const text = read(page);
  const fences = [...text.matchAll(FENCE)].map((match) => match[0]).join('\n');
  const typed = [...fences.matchAll(/^(?:\$ )?pkg ([a-z]+)/gm)];
  const named = [...withoutFences(text).matchAll(/`pkg ([a-z]+)[^`\n]*`/g)];
  return [...new Set([...typed, ...named].map((match) => match[1] ?? ''))];
}

/** Whether the place is there. */
export function exists({ file, anchor }: Mention): boolean {
  const path = join(TOP, file);
  if (!existsSync(path)) return false;
  return anchor === null || (statSync(path).isFile() && anchorsOf(file).has(anchor));
}

export function read(file: string): string {
  return readFileSync(join(TOP, file), 'utf8');
}

/** The anchors that a page offers: its headings, as those who show it name them. */
function anchorsOf(page: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const headings = [...withoutFences(read(page)).matchAll(/^#{1,6} (.+)$/gm)].map((match) => slug(match[1] ?? ''));
  return new Set(
    headings.map((name) => {
      const before = seen.get(name) ?? 0;
      seen.set(name, before + 1);
      return before === 0 ? name : `${name}-${before}`;
    }),
  );
}

function slug(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function withoutFences(text: string): string {
  return text.replaceAll(FENCE, '');
}

function withoutCode(text: string): string {
  return withoutFences(text).replaceAll(/`[^`\n]*`/g, '');
}
