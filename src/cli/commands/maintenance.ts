import { EXIT, PkgError } from '../../error.ts';
import type { ToldMaintenance } from '../../operations/maintenance/list-maintenance.ts';
import type { Command, Context, Options } from '../command.ts';
import { listOption, numberOption, textOption } from '../options.ts';
import { printKept } from '../print-result.ts';
import { DRY_RUN, print, printJson, say } from '../streams.ts';

const on: Command = {
  name: 'on',
  args: '[name]',
  summary: 'put up the page of a bundle or BUNDLE/SERVICE; without a name, of every bundle with services',
  group: 'run',
  options: [
    { flags: '--path <path>', help: 'only this path of the site (may be repeated)', isList: true },
    { flags: '--until <time>', help: 'when it is expected back: 06:00, 30m, or an ISO time' },
    { flags: '--message <text>', help: 'a sentence for visitors' },
    { flags: '--from <time>', help: 'begin at this time instead of now, and end at --until, both by itself' },
    { flags: '--every <cron>', help: 'begin at each of these times instead of now, by itself' },
    { flags: '--for <duration>', help: 'with --every: how long each time lasts' },
    {
      flags: '--zone <zone>',
      help: 'with --every: its time zone, such as Europe/Berlin (that of this machine)',
    },
  ],
  examples: [
    'pkg maintenance on web --until 12:20',
    'pkg maintenance on web --path /perl/search --message "New index"',
    'pkg maintenance on web --from 22:00 --until 23:30',
    "pkg maintenance on web --path /perl/search --every '0 9 * * sun' --for 2h",
  ],
  completes: 'service',
  run: async ([name], options, context) => {
    const { listMaintenance } = await import('../../operations/maintenance/list-maintenance.ts');
    const before = listMaintenance(context.root);
    return tell(await begin(name ?? null, options, context), before, context);
  },
};

const off: Command = {
  name: 'off',
  args: '[name]',
  summary: 'take the page down again; without a name, every page',
  group: 'run',
  options: [
    { flags: '--path <path>', help: 'only for this path, which was put up before (may be repeated)', isList: true },
    { flags: '--planned', help: 'also forget the planned times' },
  ],
  examples: ['pkg maintenance off web', 'pkg maintenance off web --path /perl/search'],
  completes: 'service',
  run: async ([name], options, context) => {
    const { listMaintenance } = await import('../../operations/maintenance/list-maintenance.ts');
    const { endMaintenance } = await import('../../operations/maintenance/maintenance.ts');
    const before = listMaintenance(context.root);
    const wish = { paths: listOption(options, 'path'), planned: options['planned'] === true };
    if (wish.planned && wish.paths.length > 0) {
      throw new PkgError('usage', '--planned forgets what is planned for every path, so it does not take --path');
    }
    return tell(await endMaintenance(name ?? null, wish, await context.session(options)), before, context);
  },
};

const list: Command = {
  name: 'list',
  summary: 'what is in maintenance, or will be, and until when',
  group: 'look',
  examples: ['pkg maintenance list --json'],
  completes: 'nothing',
  run: async (_words, _options, context) => {
    const { listMaintenance } = await import('../../operations/maintenance/list-maintenance.ts');
    return tell(listMaintenance(context.root), null, context);
  },
};

const proxy: Command = {
  name: 'proxy',
  args: '<nginx|haproxy> <name>',
  summary: 'the lines that a proxy needs to show the page; for haproxy, also make the map that it reads',
  group: 'look',
  options: [{ flags: '--socket <path>', help: 'for haproxy: its runtime socket, to tell it at once' }],
  examples: ['pkg maintenance proxy nginx web', 'pkg maintenance proxy haproxy web --socket /run/haproxy/admin.sock'],
  completes: 'proxy',
  run: async ([kind = '', name = ''], options, context) => {
    if (kind !== 'nginx' && kind !== 'haproxy') {
      throw new PkgError('usage', `pkg maintenance proxy takes nginx or haproxy, not '${kind}'`);
    }
    const { proxyLines } = await import('../../operations/maintenance/proxy-lines.ts');
    const session = await context.session(options);
    const lines = await proxyLines(kind, name, { socket: textOption(options, 'socket') ?? null, session });
    if (context.json) printJson(context.streams, { lines: lines.trimEnd().split('\n') });
    else context.streams.output.write(lines);
    return EXIT.done;
  },
};

const serve: Command = {
  name: 'serve',
  args: '<name>',
  summary: 'run in the foreground and answer with the page, until SIGTERM; pkg starts this for a service that wants it',
  group: 'run',
  options: [
    { flags: '--port <port>', help: 'the port to answer on' },
    { flags: '--address <address>', help: 'the address to answer on, such as 127.0.0.1 (all of them)' },
  ],
  examples: ['pkg maintenance serve web/server --port 8080'],
  completes: 'service',
  run: async ([name = ''], options, context) => {
    const { serveMaintenance } = await import('../../operations/maintenance/serve.ts');
    const port = numberOption(options, 'port', 1);
    const order = { name, port, address: textOption(options, 'address') ?? '*' };
    await serveMaintenance(order, await context.session(options));
    return EXIT.done;
  },
};

export const maintenance: Command = {
  name: 'maintenance',
  summary: 'a page for visitors while something is down on purpose',
  group: 'run',
  examples: ['pkg maintenance on web --until 12:20', 'pkg maintenance list', 'pkg maintenance off web'],
  subcommands: [on, off, list, proxy, serve],
  completes: 'service',
  run: list.run,
};

/** Now, once at a time to come, or again and again. */
async function begin(name: string | null, options: Options, context: Context): Promise<ToldMaintenance> {
  const operation = await import('../../operations/maintenance/begin.ts');
  const session = await context.session(options);
  const wish = { message: textOption(options, 'message') ?? null, paths: listOption(options, 'path') };
  const text = (option: string): string | null => textOption(options, option) ?? null;
  const when = {
    until: text('until'),
    from: text('from'),
    every: text('every'),
    lasts: text('for'),
    zone: text('zone'),
  };
  return operation.beginMaintenance(name, { ...wish, ...when }, session);
}

async function tell(after: ToldMaintenance, before: ToldMaintenance | null, context: Context): Promise<number> {
  const { up, planned, damaged } = after;
  const { json, dryRun, streams } = context;
  for (const { message, hint } of damaged) say(context.streams, `warning: ${message}; ${hint}`);
  if (json) {
    await printKept(inJson(after), before && inJson(before), context);
    return EXIT.done;
  }
  for (const one of up) print(streams, upInWords(one));
  for (const one of nextOfEach(planned)) print(streams, plannedInWords(one, planned));
  if (up.length + planned.length + damaged.length === 0) say(streams, 'nothing is in maintenance');
  if (before !== null && dryRun) say(streams, DRY_RUN);
  return EXIT.done;
}

function inJson({ up, planned }: ToldMaintenance): object {
  return { maintenance: up, planned };
}

function upInWords({ name, until, paths }: ToldMaintenance['up'][number]): string {
  const what = titleOf(name, paths);
  if (until === null) return `${what} is in maintenance`;
  const isLate = Date.parse(until) < Date.now();
  return `${what} is in maintenance ${isLate ? 'longer than planned: until' : 'until'} ${until.slice(11, 16)} GMT`;
}

type Planned = ToldMaintenance['planned'][number];

/** Of what comes again and again only the next time is of interest. */
function nextOfEach(planned: readonly Planned[]): readonly Planned[] {
  return planned.filter((one, at) => one.again !== true || planned.findIndex((other) => isSame(one, other)) === at);
}

function isSame(one: Planned, other: Planned): boolean {
  return other.again === true && titleOf(one.name, one.paths) === titleOf(other.name, other.paths);
}

function plannedInWords(one: Planned, planned: readonly Planned[]): string {
  const { name, from, until, paths, again } = one;
  const minute = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} GMT`;
  const last = planned.findLast((other) => isSame(one, other));
  const more = again === true && last !== undefined ? `, and again up to ${last.from.slice(0, 10)}` : '';
  return `${titleOf(name, paths)} will be in maintenance from ${minute(from)} until ${minute(until)}${more}`;
}

function titleOf(name: string, paths: readonly string[]): string {
  return paths.length === 0 ? name : `${name} ${paths.join(' ')}`;
}
