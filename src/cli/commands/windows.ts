import { EXIT } from '../../error.ts';
import type { Windows } from '../../model/index.ts';
import type { ToldWindows } from '../../operations/windows/keep-windows.ts';
import type { Command, Context } from '../command.ts';
import { textOption } from '../options.ts';
import { printKept } from '../print-result.ts';
import { DRY_RUN, print, say } from '../streams.ts';

const add: Command = {
  name: 'add',
  args: '<name> <cron> <duration>',
  summary: 'allow changes at each time that CRON names, for DURATION; outside all windows they are refused',
  group: 'keep',
  options: [{ flags: '--zone <zone>', help: 'the time zone of CRON, such as Europe/Berlin (that of this machine)' }],
  examples: [
    "pkg windows add sunday '0 3 * * sun' 2h --zone Europe/Berlin",
    "pkg windows add night '0 22 * * mon-fri' 8h",
  ],
  completes: 'nothing',
  run: async ([name = '', cron = '', duration = ''], options, context) => {
    const { addWindow, keptWindows } = await import('../../operations/windows/keep-windows.ts');
    const before = keptWindows(context.root);
    const zone = textOption(options, 'zone') ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
    return tell(await addWindow(name, { cron, duration, zone }, await context.session(options)), before, context);
  },
};

const remove: Command = {
  name: 'remove',
  args: '<name>',
  summary: 'remove a window; without windows, changes are allowed at any time',
  group: 'keep',
  examples: ['pkg windows remove night'],
  completes: 'window',
  run: async ([name = ''], options, context) => {
    const { keptWindows, removeWindow } = await import('../../operations/windows/keep-windows.ts');
    const before = keptWindows(context.root);
    return tell(await removeWindow(name, await context.session(options)), before, context);
  },
};

const list: Command = {
  name: 'list',
  summary: 'the windows, whether one is open, and when the next one opens',
  group: 'look',
  examples: ['pkg windows list --json'],
  completes: 'nothing',
  run: async (_words, _options, context) => {
    const { listWindows } = await import('../../operations/windows/keep-windows.ts');
    return tell(listWindows(context.root, new Date()), null, context);
  },
};

export const windows: Command = {
  name: 'windows',
  summary: 'when this root may be changed; at any time, unless windows say otherwise',
  group: 'keep',
  examples: ['pkg windows', "pkg windows add sunday '0 3 * * sun' 2h", 'pkg install web-2.0.0.tgz --ignore-window'],
  subcommands: [list, add, remove],
  completes: 'nothing',
  run: list.run,
};

async function tell(told: ToldWindows, before: Windows | null, context: Context): Promise<number> {
  const { json, dryRun, streams } = context;
  if (json) {
    await printKept(told, before && { ...told, windows: before }, context);
    return EXIT.done;
  }
  for (const [name, { cron, duration, zone }] of Object.entries(told.windows)) {
    print(streams, `${name} '${cron}' ${duration} ${zone}`);
  }
  say(streams, inWords(told));
  if (before !== null && dryRun) say(streams, DRY_RUN);
  return EXIT.done;
}

function inWords({ windows: all, openUntil, next }: ToldWindows): string {
  if (Object.keys(all).length === 0) return 'there are no windows: changes are allowed at any time';
  if (openUntil !== null) return `open until ${openUntil}`;
  return next === null ? 'closed, and none opens any more' : `closed; the next one, ${next.name}, opens ${next.opens}`;
}
