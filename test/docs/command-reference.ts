import type { Command, Group, Option } from '../../src/cli/command.ts';
import { commands } from '../../src/cli/commands/index.ts';
import { ARCHIVE_OPTIONS, GLOBAL_OPTIONS, OVERRIDE_OPTIONS } from '../../src/cli/options.ts';

/** The titles under which commands stand. */
export const GROUPS: Readonly<Record<Group, string>> = {
  change: 'Change what is installed',
  run: 'Run services',
  look: 'Look',
  make: 'Make bundles',
  keep: 'Keep and clean',
  help: 'Help',
};

/** Sets of options that several commands share, and where they are explained. */
const SHARED: readonly (readonly [options: readonly Option[], words: string])[] = [
  [OVERRIDE_OPTIONS, 'the [overrides](#overrides)'],
  [ARCHIVE_OPTIONS, 'the [limits of archives](#overrides)'],
];

/** Every command with its options and examples. */
export function commandReference(): string {
  return Object.entries(GROUPS)
    .flatMap(([group, title]) => {
      const members = commands.filter((command) => command.group === group);
      return members.length === 0 ? [] : [`### ${title}`, ...members.map((command) => section(command, ''))];
    })
    .join('\n\n');
}

/** The options that every command understands. */
export function optionReference(): string {
  return optionTable(GLOBAL_OPTIONS);
}

/** The overrides and limits that changing commands share. */
export function overrideReference(): string {
  return optionTable([...OVERRIDE_OPTIONS, ...ARCHIVE_OPTIONS]);
}

function section(command: Command, above: string): string {
  const { args, summary, options = [], examples = [], subcommands = [] } = command;
  const name = `${above}${command.name}`;
  const shared = SHARED.filter(([set]) => set.every((option) => options.includes(option)));
  const own = options.filter((option) => !shared.some(([set]) => set.includes(option)));
  return [
    `#### ${name}`,
    `\`pkg ${name}${args === undefined ? '' : ` ${args}`}\``,
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    ...(own.length === 0 ? [] : [optionTable(own)]),
    ...(shared.length === 0 ? [] : [`Takes ${shared.map(([, words]) => words).join(' and ')}.`]),
    ...(examples.length === 0 ? [] : [['```sh', ...examples, '```'].join('\n')]),
    ...subcommands.map((below) => section(below, `${name} `)),
  ].join('\n\n');
}

function optionTable(options: readonly Option[]): string {
  const lines = options.map(({ flags, help }) => `| \`${flags.replaceAll('|', String.raw`\|`)}\` | ${help} |`);
  return ['| option | meaning |', '|---|---|', ...lines].join('\n');
}
