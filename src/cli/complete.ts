import { CODES, EXIT } from '../error.ts';
import { ANNOUNCED } from '../model/index.ts';
import type { Command, Option } from './command.ts';
import { commands } from './commands/index.ts';
import { GLOBAL_OPTIONS, namesOf, takesValue } from './options.ts';
import { print, type Streams } from './streams.ts';
import { CLASS_WORDS } from './views/plan-text.ts';

/** What the shell shall do beside the words offered: offer files too, none, or only archives and folders. */
const DIRECTIVES = { files: 0, none: 4, archives: 8 } as const;

/** Words to offer, each with what it means. */
export type Offer = {
  readonly words: ReadonlyMap<string, string>;
  readonly directive: keyof typeof DIRECTIVES;
};

/** Where the words of an offer come from: the root is asked only when it is needed. */
export type Source = (kind: Kind, word: string) => Promise<ReadonlyMap<string, string>>;

export type Kind =
  | 'bundle'
  | 'left'
  | 'service'
  | 'generation'
  | 'tag'
  | 'transaction'
  | 'window'
  | 'listener'
  | 'setting'
  | 'command'
  | 'template';

/** `pkg __complete -- WORD…`: offers what the last word could become, as `word<TAB>meaning` and a last line `:N`. */
export async function complete(typed: readonly string[], source: Source, streams: Streams): Promise<number> {
  const { words, directive } = await offer(typed, source);
  const last = typed.at(-1) ?? '';
  for (const [word, meaning] of words) if (word.startsWith(last)) print(streams, `${word}\t${meaning}`);
  print(streams, `:${DIRECTIVES[directive]}`);
  return EXIT.done;
}

async function offer(typed: readonly string[], source: Source): Promise<Offer> {
  const last = typed.at(-1) ?? '';
  const { command, above, before } = findCommand(typed.slice(0, -1));
  const options = [...(command?.options ?? []), ...GLOBAL_OPTIONS];
  const asked = options.find((option) => takesValue(option) && namesOf(option).includes(before.at(-1) ?? ''));
  if (before.includes('--')) return command?.name === 'exec' ? commandOf(before, source, last) : fromFiles;
  if (asked !== undefined) return valueOf(asked, source, last);
  if (last.startsWith('-')) return only(optionWords(options));
  if (command === null) return only(new Map(commands.map(({ name, summary }) => [name, summary])));
  if (command.subcommands !== undefined && above === command)
    return only(new Map(command.subcommands.map(({ name, summary }) => [name, summary])));
  return argumentOf(command, before, source, last);
}

const fromFiles: Offer = { words: new Map(), directive: 'files' };
const nothing: Offer = { words: new Map(), directive: 'none' };

function only(words: Offer['words']): Offer {
  return { words, directive: 'none' };
}

/** The command among the words, and what stands behind it; `pkg plan install` completes as `pkg install`. */
function findCommand(words: readonly string[]): {
  readonly command: Command | null;
  readonly above: Command | null;
  readonly before: readonly string[];
} {
  let list: readonly Command[] = commands;
  let command: Command | null = null;
  let above: Command | null = null;
  let begin = 0;
  for (const [at, word] of words.entries()) {
    if (word === '--') break;
    const isValue = GLOBAL_OPTIONS.some(
      (option) => takesValue(option) && namesOf(option).includes(words[at - 1] ?? ''),
    );
    if (word.startsWith('-') || isValue) continue;
    const found = list.find(({ name }) => name === word);
    if (found === undefined) break;
    [above, command, begin] = [found, found, at + 1];
    if (found.name === 'plan') list = commands;
    else if (found.subcommands === undefined) break;
    else list = found.subcommands;
  }
  return { command, above, before: words.slice(Math.max(0, begin)) };
}

async function argumentOf(command: Command, before: readonly string[], source: Source, last: string): Promise<Offer> {
  const isArchive = ['install', 'downgrade', 'inspect', 'upgradable'].includes(command.name);
  const kind = command.completes ?? 'file';
  switch (kind) {
    case 'bundle':
      return before.includes('--purge') ? purgeable(source, last) : only(await source(kind, last));
    case 'service':
    case 'transaction':
    case 'window':
    case 'listener':
      return only(await source(kind, last));
    case 'generation':
      return only(await source(before.includes('--delete') ? 'tag' : kind, last));
    case 'setting':
      return settingOf(before, source, last);
    case 'proxy':
      return before.some(isPlain) ? only(await source('service', last)) : only(PROXIES);
    case 'code':
      return only(new Map(Object.entries(CODES).map(([code, { means }]) => [code, means])));
    case 'command':
      return commandOf(before, source, last);
    case 'shell':
      return only(new Map(['bash', 'zsh', 'fish'].map((shell) => [shell, `the completion for ${shell}`])));
    case 'nothing':
      return nothing;
    case 'file':
      if (command.name === 'plan') return only(planVerbs());
      if (!isArchive) return fromFiles;
      return { words: await source('bundle', last), directive: 'archives' };
    default:
      return kind satisfies never;
  }
}

const PROXIES = new Map(['nginx', 'haproxy'].map((proxy) => [proxy, `the lines for ${proxy}`]));

/** A bundle, and behind it what can be set of it. */
async function settingOf(before: readonly string[], source: Source, last: string): Promise<Offer> {
  const bundle = before.find(isPlain);
  return only(bundle === undefined ? await source('bundle', last) : await source('setting', bundle));
}

function isPlain(word: string): boolean {
  return !word.startsWith('-');
}

/** Also what was removed before, and left something behind. */
async function purgeable(source: Source, last: string): Promise<Offer> {
  return only(new Map([...(await source('bundle', last)), ...(await source('left', last))]));
}

function planVerbs(): ReadonlyMap<string, string> {
  const verbs = ['install', 'upgrade', 'downgrade', 'remove', 'autoremove', 'rollback'];
  return new Map(commands.filter(({ name }) => verbs.includes(name)).map(({ name, summary }) => [name, summary]));
}

/** The first word of somebody else's command line; what follows is not ours to know. */
async function commandOf(before: readonly string[], source: Source, last: string): Promise<Offer> {
  const isFirst = before.at(-1) === '--' || before.every((word) => word.startsWith('-'));
  return isFirst ? { words: await source('command', last), directive: 'files' } : fromFiles;
}

/** `--generation <n>`: the words its value can have. */
async function valueOf(option: Option, source: Source, last: string): Promise<Offer> {
  switch (namesOf(option).at(-1)) {
    case '--generation':
      return only(await source('generation', last));
    case '--remove':
    case '--ignore-depends':
      return only(await source('bundle', last));
    case '--accept-data-loss':
      return purgeable(source, last);
    case '--transaction':
      return only(await source('transaction', last));
    case '--on':
      return only(new Map(ANNOUNCED.map((event) => [event, ''])));
    case '--template':
      return only(await source('template', last));
    case '--color':
      return only(new Map(['auto', 'always', 'never'].map((when) => [when, ''])));
    case '--config':
      return only(
        new Map(Object.entries({ keep: 'yours stays', new: 'the one of the bundle comes', ask: 'one by one' })),
      );
    case '--max-class':
      return only(new Map(Object.entries(CLASS_WORDS).filter(([name]) => name !== 'through-base')));
    case '--root':
    case '--output':
    case '--settings':
    case '--socket':
      return fromFiles;
    case '--against':
      return { words: new Map(), directive: 'archives' };
    default:
      return nothing;
  }
}

function optionWords(options: readonly Option[]): ReadonlyMap<string, string> {
  return new Map([
    ...options.map((option) => [namesOf(option).at(-1) ?? '', option.help] as const),
    ['--help', 'show help'],
  ]);
}
