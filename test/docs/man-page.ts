import { readFileSync } from 'node:fs';
import type { Command, Option } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/commands/index.ts';
import { ARCHIVE_OPTIONS, GLOBAL_OPTIONS, OVERRIDE_OPTIONS } from '../../src/cli/options.ts';
import { GROUPS } from './command-reference.ts';

const EXITS: readonly (readonly [number: string, meaning: string])[] = [
  ['0', 'done, or nothing to do'],
  ['1', 'failed, and everything was undone; or verify or doctor found something'],
  ['2', 'wrong use, or a question nobody could answer'],
  ['3', 'refused before anything was touched'],
  ['4', 'another pkg holds the lock'],
  ['5', 'failed and not fully undone: pkg recover'],
  ['6', 'an archive is not acceptable'],
  ['7', 'a check or a service said no, and everything was undone'],
  ['10', 'pkg plan --exit-code: there is something to change'],
  ['130, 143', 'interrupted; as before, unless it says otherwise'],
];

const ENVIRONMENT: readonly (readonly [name: string, meaning: string])[] = [
  ['PKG_ROOT', 'the root, where --root is not given'],
  ['XDG_DATA_HOME', 'where the root of a user lies who is not root'],
  ['NO_COLOR, FORCE_COLOR', 'no colours, or colours also in a pipe'],
  ['PKG_DEBUG', '1 adds the stack of an error'],
];

/** The whole command line as one page for man(1), from the same words as --help. */
export function manPage(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return [
    String.raw`.\" Generated from the command table: npm run docs`,
    `.TH PKG 1 "" "pkg ${version}" "User commands"`,
    '.SH NAME',
    String.raw`pkg \- upgrades live services with packages: several bundles as one atomic change`,
    '.SH SYNOPSIS',
    String.raw`.B pkg`,
    String.raw`.I command`,
    '[option ...] [word ...]',
    '.SH DESCRIPTION',
    text(
      'A word with / or ending in .tgz is a file, - is an archive on standard input, anything else the name of a bundle. ' +
        'A changing command shows its plan and asks once, before anything is touched.',
    ),
    '.SH COMMANDS',
    ...Object.entries(GROUPS).flatMap(([group, title]) => [
      `.SS ${title}`,
      ...commands.filter((command) => command.group === group).flatMap((command) => section(command, '')),
    ]),
    '.SH OPTIONS OF EVERY COMMAND',
    ...optionLines(GLOBAL_OPTIONS),
    '.SH OVERRIDES AND LIMITS',
    text('Those commands take them that make a new generation.'),
    ...optionLines([...OVERRIDE_OPTIONS, ...ARCHIVE_OPTIONS]),
    '.SH EXIT STATUS',
    ...EXITS.flatMap(([number, meaning]) => tagged(number, meaning)),
    '.SH ENVIRONMENT',
    ...ENVIRONMENT.flatMap(([name, meaning]) => tagged(name, meaning)),
    '.SH FILES',
    ...tagged('/var/lib/pkg', 'the root, when root runs pkg'),
    ...tagged('ROOT/current', 'the live generation'),
    '',
  ].join('\n');
}

function section(command: Command, above: string): readonly string[] {
  const { args, summary, options = [], examples = [], subcommands = [] } = command;
  const name = `${above}${command.name}`;
  const shared = [...OVERRIDE_OPTIONS, ...ARCHIVE_OPTIONS];
  const own = options.filter((option) => !shared.includes(option));
  return [
    '.TP',
    String.raw`\fBpkg ${text(name)}\fR${args === undefined ? '' : ` ${text(args)}`}`,
    text(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`),
    ...(own.length === 0 ? [] : ['.RS', ...optionLines(own), '.RE']),
    ...(examples.length === 0 ? [] : ['.RS', '.PP', '.EX', ...examples.map(text), '.EE', '.RE']),
    ...subcommands.flatMap((below) => section(below, `${name} `)),
  ];
}

function optionLines(options: readonly Option[]): readonly string[] {
  return options.flatMap(({ flags, help }) => tagged(flags, help));
}

function tagged(tag: string, meaning: string): readonly string[] {
  return ['.TP', String.raw`\fB${text(tag)}\fR`, text(meaning)];
}

/** Nothing in it is taken for a request: no dash becomes a hyphen, no line begins with a dot or a quote. */
function text(words: string): string {
  return words
    .replaceAll('\\', String.raw`\e`)
    .replaceAll('-', String.raw`\-`)
    .replace(/^(?=[.'])/, String.raw`\&`);
}
