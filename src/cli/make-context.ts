import path from 'node:path';
import { PkgError } from '../error.ts';
import { quoted, type Tell } from '../model/index.ts';
import type { Session } from '../operations/session.ts';
import type { Context, Options } from './command.ts';
import { hinted } from './hinted.ts';
import { choiceOption, lockWait, trialTime } from './options.ts';
import { repeatRootIn } from './repeat-root.ts';
import { rootOf, type Surroundings } from './surroundings.ts';
import { tellJson } from './views/tell-json.ts';
import { tellLog } from './views/tell-log.ts';
import { tellText } from './views/tell-text.ts';

/** The context of one command from its options and what is around the program. */
export function makeContext(options: Options, words: readonly string[], around: Surroundings): Context {
  // A variable that is not set would mean the root of the machine.
  if (options['root'] === '') throw new PkgError('usage', "--root takes a folder, not ''");
  const root = rootOf(options, around);
  const flag = (name: string): boolean => options[name] === true;
  // Also for commands that never wait: a mistake is a mistake.
  const wait = lockWait(options);
  const context: Omit<Context, 'session'> = {
    root,
    rootWords: typeof options['root'] === 'string' ? ['--root', options['root']] : [],
    streams: around.streams,
    json: flag('json'),
    yes: flag('yes'),
    noInput: flag('noInput'),
    dryRun: flag('dryRun'),
    color: choiceOption(options, 'color', ['auto', 'always', 'never'] as const) ?? 'auto',
    quiet: flag('quiet'),
    verbose: flag('verbose'),
    behindDashes: words.includes('--') ? words.slice(words.indexOf('--') + 1) : [],
    programVersion: around.programVersion,
    env: around.env,
  };
  return { ...context, session: (given) => makeSession(context, given, { ...around, words, wait }) };
}

async function makeSession(
  context: Omit<Context, 'session'>,
  options: Options,
  around: Surroundings & { readonly words: readonly string[]; readonly wait: number },
): Promise<Session> {
  const { limitsOf } = await import('./limits.ts');
  return {
    root: context.root,
    command: ['pkg', ...around.words.map(quoted)].join(' '),
    by: around.user.name,
    programVersion: around.programVersion,
    // Nobody is asked to accept a plan that was not shown.
    tell: teller(context, around.words),
    confirm: async (plan) => (await import('./ask-plan.ts')).askPlan(plan, context),
    askName: async (name, loss) => (await import('./ask-name.ts')).askName(name, loss, context),
    askSettings: async (questions) => (await import('./ask-settings.ts')).askSettings(questions, context),
    askConflict: async (conflict) => (await import('./ask-config.ts')).askConflict(conflict, context),
    askYesNo: async (question) => (await import('./ask-yes-no.ts')).askYesNo(question, context),
    dryRun: context.dryRun,
    trialFor: trialTime(options),
    lockWait: around.wait,
    limits: limitsOf(options),
    interrupt: around.interrupt,
    stopWaiting: around.stopWaiting,
    interruptHooks: () => around.interruptHooks(),
    home: around.user.home,
    node: around.node,
    program: around.program,
    insideTransaction: insideTransaction(context.root, around.env),
  };
}

/** On a terminal somebody watches; elsewhere it is a log. */
function teller({ streams, ...look }: Omit<Context, 'session'>, words: readonly string[]): Tell {
  if (look.json) {
    const tell = tellJson(streams);
    return (event) => tell(repeatRootIn(hinted(event, words), look.rootWords));
  }
  const toText = streams.talk.isTTY === true ? tellText : tellLog;
  const tell = toText(streams, { ...look, quiet: look.quiet && look.yes });
  return (event) => tell(hinted(event, words));
}

/** A hook of a transaction on this very root carries both variables; one on another root is nobody's business. */
function insideTransaction(root: string, env: Surroundings['env']): string | null {
  const { PKG_TRANSACTION: id, PKG_ROOT: theirs } = env;
  return id !== undefined && theirs !== undefined && path.resolve(theirs) === root ? id : null;
}
