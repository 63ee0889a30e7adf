import { EXIT } from '../../error.ts';
import type { Event } from '../../model/index.ts';
import type { ServiceOrder } from '../../operations/service/change.ts';
import type { Session } from '../../operations/session.ts';
import type { Ended } from '../../operations/settled.ts';
import type { Command, Context, Option, Options } from '../command.ts';
import { print, printJson, say } from '../streams.ts';
import { serviceWatch } from './service-watch.ts';

const ALL: Option = { flags: '--all', help: 'every service of the live generation' };

type Change = (order: ServiceOrder, session: Session, options: Options, context: Context) => Promise<Ended>;

const start = changing(
  'start',
  'start services, each when those that it needs are ready',
  async (order, session, options, { behindDashes }) => {
    const { startServices } = await import('../../operations/service/start.ts');
    return startServices({ ...order, boot: options['boot'] === true, extraArgs: behindDashes }, session);
  },
  {
    options: [ALL, { flags: '--boot', help: 'only those that are enabled, for the init of the machine' }],
    examples: ['pkg service start web/server', 'pkg service start --all --boot', 'pkg service start web -- --debug'],
  },
);

const stop = changing('stop', 'stop services, those that need others first', async (order, session) =>
  (await import('../../operations/service/stop.ts')).stopServices(order, session),
);

const restart = changing(
  'restart',
  'stop and start services back to back, with the start options of what runs',
  async (order, session) => (await import('../../operations/service/restart.ts')).restartServices(order, session),
);

const reload = changing(
  'reload',
  'show what changed since it was loaded, check it, let services read it, and prove that they are well',
  async (order, session, options) => {
    const { reloadServices } = await import('../../operations/service/reloading/reload.ts');
    return reloadServices({ ...order, restore: options['restore'] === true }, session);
  },
  {
    options: [ALL, { flags: '--restore', help: 'if a check or the service fails, put back what was loaded before' }],
    examples: ['pkg service reload web/server', 'pkg service reload web --restore', 'pkg service reload web --dry-run'],
  },
);

const enable = changing('enable', 'let services come up again after a boot', async (order, session) =>
  (await import('../../operations/service/enable.ts')).enableServices(order, true, session),
);

const disable = changing('disable', 'let services stay down after a boot', async (order, session) =>
  (await import('../../operations/service/enable.ts')).enableServices(order, false, session),
);

const status: Command = {
  name: 'status',
  args: '[name...]',
  summary: 'the state of services, and which version runs and which is installed; never waits for the lock',
  group: 'look',
  options: [ALL],
  examples: ['pkg service status', 'pkg service status web/server --json'],
  completes: 'service',
  run: async (words, _options, context) => {
    const operations = await import('../../operations/service/status.ts');
    const services = await operations.serviceStatus(context.root, words);
    if (context.json) {
      printJson(context.streams, { services });
      return EXIT.done;
    }
    const { serviceLines } = await import('../views/service-text.ts');
    for (const line of serviceLines(services)) print(context.streams, line);
    if (services.length === 0) say(context.streams, `no services are installed in ${context.root}`);
    return EXIT.done;
  },
};

export const service: Command = {
  name: 'service',
  summary: 'start, stop, restart, reload and watch the services of the live generation',
  group: 'run',
  subcommands: [start, stop, restart, reload, status, enable, disable, serviceWatch],
  completes: 'nothing',
  run: status.run,
};

/** A command that touches the services it names; its words are a bundle, BUNDLE/SERVICE, or a service. */
function changing(
  name: string,
  summary: string,
  change: Change,
  more: Pick<Command, 'options' | 'examples'> = {},
): Command {
  return {
    name,
    args: '[name...]',
    summary,
    group: 'run',
    options: [ALL],
    examples: [`pkg service ${name} web/server`, `pkg service ${name} --all`],
    completes: 'service',
    ...more,
    run: async (words, options, context) => {
      const session = await context.session(options);
      const names = words.slice(0, words.length - context.behindDashes.length);
      const order = { words: names, all: options['all'] === true };
      const told = { ...session, tell: (event: Event) => tellUnlessResult(event, session, context) };
      const { exit } = await change(order, told, options, context);
      return exit;
    },
  };
}

/** For people, every service has said already what became of it; no generation came of it. */
function tellUnlessResult(event: Event, { tell }: Session, { json }: Context): void {
  if (json || event.event !== 'result') tell(event);
}
