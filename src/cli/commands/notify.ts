import { EXIT } from '../../error.ts';
import { ANNOUNCED, type Announced, type Listeners } from '../../model/index.ts';
import type { Command, Context } from '../command.ts';
import { eachChoice, textOption } from '../options.ts';
import { printKept } from '../print-result.ts';
import { DRY_RUN, print, printJson, say } from '../streams.ts';

const add: Command = {
  name: 'add',
  args: '<name> [command...]',
  summary: 'tell a command of changes from now on, by JSON on its stdin and by variables',
  group: 'keep',
  options: [
    { flags: '--on <event>', help: `only of this: ${ANNOUNCED.join(', ')} (may be repeated)`, isList: true },
    { flags: '--timeout <duration>', help: 'how long it may take before it is ended (10s)' },
  ],
  examples: [
    'pkg notify add chat -- /usr/local/bin/tell-chat operations',
    'pkg notify add pager --on undone -- /usr/local/bin/page',
  ],
  completes: 'file',
  run: async ([name = '', ...run], options, context) => {
    const { listen, readListeners } = await import('../../operations/notify/listeners.ts');
    const before = readListeners(context.root);
    const on: readonly Announced[] = eachChoice(options, 'on', ANNOUNCED);
    const timeout = textOption(options, 'timeout');
    const listening = { run, ...(on.length === 0 ? {} : { on }), ...(timeout === undefined ? {} : { timeout }) };
    return tell(await listen(name, listening, await context.session(options)), before, context);
  },
};

const remove: Command = {
  name: 'remove',
  args: '<name>',
  summary: 'stop telling this command of changes',
  group: 'keep',
  examples: ['pkg notify remove chat'],
  completes: 'listener',
  run: async ([name = ''], options, context) => {
    const { readListeners, unlisten } = await import('../../operations/notify/listeners.ts');
    const before = readListeners(context.root);
    return tell(await unlisten(name, await context.session(options)), before, context);
  },
};

const test: Command = {
  name: 'test',
  args: '<name>',
  summary: 'send this command a test, and show how it ended',
  group: 'look',
  examples: ['pkg notify test chat'],
  completes: 'listener',
  run: async ([name = ''], options, context) => {
    const { tryListener } = await import('../../operations/notify/listeners.ts');
    const { ok, message } = await tryListener(name, await context.session(options));
    if (context.json) printJson(context.streams, { name, ok, message });
    else say(context.streams, message);
    return ok ? EXIT.done : EXIT.failed;
  },
};

const list: Command = {
  name: 'list',
  summary: 'the commands that are told of changes',
  group: 'look',
  examples: ['pkg notify list --json'],
  completes: 'nothing',
  run: async (_words, _options, context) => {
    const { readListeners } = await import('../../operations/notify/listeners.ts');
    return tell(readListeners(context.root), null, context);
  },
};

export const notify: Command = {
  name: 'notify',
  summary: 'commands that are told of every change: planned, started, finished, undone',
  group: 'keep',
  examples: ['pkg notify', 'pkg notify add chat -- /usr/local/bin/tell-chat', 'pkg notify test chat'],
  subcommands: [list, add, remove, test],
  completes: 'nothing',
  run: list.run,
};

async function tell(listeners: Listeners, before: Listeners | null, context: Context): Promise<number> {
  const { json, dryRun, streams } = context;
  if (json) {
    await printKept({ notify: listeners }, before && { notify: before }, context);
    return EXIT.done;
  }
  for (const [name, { run, on }] of Object.entries(listeners)) {
    print(streams, `${name}${on === undefined ? '' : ` on ${on.join(', ')}`}: ${run.join(' ')}`);
  }
  if (Object.keys(listeners).length === 0) say(streams, 'no command is told of changes');
  if (before !== null && dryRun) say(streams, DRY_RUN);
  return EXIT.done;
}
