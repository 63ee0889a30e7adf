import { EXIT } from '../../error.ts';
import type { InMaintenance } from '../../operations/maintenance.ts';
import type { Command, Context } from '../command.ts';
import { listOption, textOption } from '../options.ts';
import { DRY_RUN, print, printJson, say } from '../streams.ts';

const on: Command = {
  name: 'on',
  args: '[name]',
  summary: 'put up the page of a bundle or BUNDLE/SERVICE, of everything that has services without a name',
  group: 'run',
  options: [
    { flags: '--path <path>', help: 'only this path of its address (may be repeated)', isList: true },
    { flags: '--until <time>', help: 'when it is expected back: 06:00, 30m, or an ISO time' },
    { flags: '--message <text>', help: 'a sentence for visitors' },
  ],
  examples: [
    'pkg maintenance on web --until 12:20',
    'pkg maintenance on web --path /perl/search --message "New index"',
  ],
  completes: 'service',
  run: async ([name], options, context) => {
    const { startMaintenance } = await import('../../operations/maintenance.ts');
    const { timeAhead } = await import('../../operations/trial/time-ahead.ts');
    const until = textOption(options, 'until');
    const wish = {
      until: until === undefined ? null : timeAhead(until, new Date()),
      message: textOption(options, 'message') ?? null,
      paths: listOption(options, 'path'),
    };
    return tell(await startMaintenance(name ?? null, wish, await context.session(options)), context, true);
  },
};

const off: Command = {
  name: 'off',
  args: '[name]',
  summary: 'take the page down again; every page there is without a name',
  group: 'run',
  examples: ['pkg maintenance off web'],
  completes: 'service',
  run: async ([name], options, context) => {
    const { endMaintenance } = await import('../../operations/maintenance.ts');
    return tell(await endMaintenance(name ?? null, await context.session(options)), context, true);
  },
};

const list: Command = {
  name: 'list',
  summary: 'what is in maintenance, and until when',
  group: 'look',
  examples: ['pkg maintenance list --json'],
  completes: 'nothing',
  run: async (_words, _options, context) => {
    const { listMaintenance } = await import('../../operations/maintenance.ts');
    return tell(listMaintenance(context.root), context, false);
  },
};

export const maintenance: Command = {
  name: 'maintenance',
  summary: 'a page for visitors while something is down on purpose',
  group: 'run',
  examples: ['pkg maintenance on web --until 12:20', 'pkg maintenance list', 'pkg maintenance off web'],
  subcommands: [on, off, list],
  completes: 'service',
  run: list.run,
};

function tell(up: readonly InMaintenance[], { json, dryRun, streams }: Context, isChange: boolean): number {
  if (json) {
    const outcome = dryRun ? 'nothing-to-do' : 'committed';
    printJson(streams, isChange ? { event: 'result', outcome, maintenance: up } : { maintenance: up });
    return EXIT.done;
  }
  for (const one of up) print(streams, inWords(one));
  if (up.length === 0) say(streams, 'nothing is in maintenance');
  if (isChange && dryRun) say(streams, DRY_RUN);
  return EXIT.done;
}

function inWords({ name, until, paths }: InMaintenance): string {
  const what = paths.length === 0 ? name : `${name} ${paths.join(' ')}`;
  if (until === null) return `${what} is in maintenance`;
  const isLate = Date.parse(until) < Date.now();
  return `${what} is in maintenance ${isLate ? 'longer than planned: until' : 'until'} ${until.slice(11, 16)} GMT`;
}
