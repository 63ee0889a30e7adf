import type { info } from '../../operations/look/info.ts';
import { dayAndClock } from './time.ts';

type Info = Awaited<ReturnType<typeof info>>;

/** What is known about one bundle, a word and its value on each line. */
export function infoLines(found: Info): readonly string[] {
  const { manifest } = found;
  const label = manifest.label === undefined ? '' : ` (${manifest.label})`;
  return [
    `${found.name} ${found.version}${label}`,
    ...(manifest.description === undefined ? [] : [manifest.description]),
    line('state', stateOf(found)),
    ...(found.since === null
      ? []
      : [line('since', `${dayAndClock(found.since.startedAt)}, transaction ${found.since.transaction}`)]),
    line('digest', found.digest),
    line('content', `${found.entries} entries, ${found.size} bytes`),
    ...one('folder', found.folder),
    ...one('archive', found.archive),
    ...many(
      'needed by',
      found.neededBy.map(({ name, as, range }) => `${name} (${as} ${range})`),
    ),
    ...many('depends', ranges(manifest.depends)),
    ...many('conflicts', ranges(manifest.conflicts)),
    ...many('provides', ranges(manifest.provides)),
    ...many('commands', Object.keys(manifest.bin ?? {})),
    ...many('links', Object.keys(manifest.links ?? {})),
    ...found.config.map(({ path, state }) => line('config', `${path}${state === 'as-shipped' ? '' : ` (${state})`}`)),
    ...found.leftBehind.map(({ what, path }) => line('left behind', `${what} in ${path}`)),
    ...many('generations', found.generations.map(String)),
    ...many('also kept', found.otherVersions),
    ...one('license', manifest.license ?? null),
    ...one('homepage', manifest.homepage ?? null),
    ...one('maintainer', manifest.maintainer ?? null),
  ];
}

function stateOf({ installed, explicit }: Info): string {
  if (!installed) return 'kept, not installed';
  return explicit ? 'installed, asked for' : 'installed as a dependency';
}

function ranges(table: Readonly<Record<string, string>> | undefined): readonly string[] {
  return Object.entries(table ?? {}).map(([name, range]) => `${name} ${range}`);
}

function many(word: string, values: readonly string[]): readonly string[] {
  return values.length === 0 ? [] : [line(word, values.join(', '))];
}

function one(word: string, value: string | null): readonly string[] {
  return value === null ? [] : [line(word, value)];
}

function line(word: string, value: string): string {
  return `${word.padEnd(12)}${value}`;
}
