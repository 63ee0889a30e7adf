import type { Event, Tell } from '../../model/index.ts';
import { type Streams, say } from '../streams.ts';
import { nextWords } from './next-words.ts';
import { type RootWords, repeatRoot } from '../repeat-root.ts';
import { type Color, type Paint, paint } from './paint.ts';
import { configLines } from './config-lines.ts';
import { planLines } from './plan-text.ts';
import { trialLine } from './trial-text.ts';

export type Look = {
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly color: Color;
  readonly rootWords: RootWords;
};

/** Events as talk on stderr, for people. */
export function tellText(streams: Streams, { quiet, verbose, color, rootWords }: Look): Tell {
  return (event) => {
    if (quiet && !isTrouble(event)) return;
    for (const line of linesOf(event, verbose, paint(streams.talk, color))) {
      // The command of a plan is the one that was typed.
      say(streams, event.event === 'plan' ? line : repeatRoot(line, rootWords));
    }
  };
}

function isTrouble(event: Event): boolean {
  if (event.event === 'result') return event.outcome !== 'committed';
  return event.event === 'error' || event.event === 'warning';
}

function linesOf(event: Event, verbose: boolean, ink: Paint): readonly string[] {
  switch (event.event) {
    case 'plan':
      return planLines(event.plan, verbose, ink);
    case 'staging':
      return [ink.dim(`  unpacking and verifying ${event.name} ${event.version}`)];
    case 'step':
      return stepLines(event, verbose, ink);
    case 'probe':
      return verbose ? [ink.dim(`  ${event.bundle}/${event.service}: ${event.message}`)] : [];
    case 'config':
      return configLines(event);
    case 'output':
    case 'progress':
      return [];
    case 'warning':
      return [`${ink.yellow('warning:')} ${event.message}`];
    case 'note':
      return [event.message];
    case 'error':
      return errorLines(event, ink);
    case 'result':
      return resultLines(event, ink);
    default:
      return event satisfies never;
  }
}

/** What became of a step; those that went well only when asked for. */
export function stepLines(event: Event & { readonly event: 'step' }, verbose: boolean, ink: Paint): readonly string[] {
  const place = `[${event.n}/${event.of}]`;
  switch (event.state) {
    case 'doing':
      return [];
    case 'done':
      return verbose ? [`  ${ink.dim(place)} ${event.summary}`] : [];
    case 'failed':
      return [`  ${ink.dim(place)} ${event.summary}: ${ink.red('failed')}`];
    case 'undoing':
      return [];
    case 'undone':
      return [`  ${ink.dim(place)} ${event.summary}: undone`];
    case 'undo-failed':
      return [`  ${ink.dim(place)} ${event.summary}: ${ink.red('could not be undone')}`];
    default:
      return event.state satisfies never;
  }
}

function errorLines(event: Event & { readonly event: 'error' }, ink: Paint): readonly string[] {
  const hint = event.hint === undefined ? [] : [`${ink.cyan('hint:')} ${event.hint}`];
  return [`${ink.red('error')}${ink.dim(`[${event.code}]`)}: ${event.message}`, ...causeLines(event), ...hint];
}

type CauseTree = { readonly message: string; readonly causes?: readonly CauseTree[] };

/** The tree below the message; a cause that only repeats it is passed over for its own causes. */
function causeLines({ message, details }: Event & { readonly event: 'error' }): readonly string[] {
  const causes = (details as { readonly causes?: readonly CauseTree[] } | undefined)?.causes ?? [];
  const told = causes.flatMap((cause) => (cause.message === message ? (cause.causes ?? []) : [cause]));
  return told.flatMap((cause) => treeLines(cause, '  '));
}

function treeLines(cause: CauseTree, indent: string): readonly string[] {
  return [`${indent}- ${cause.message}`, ...(cause.causes ?? []).flatMap((below) => treeLines(below, `${indent}  `))];
}

function resultLines(event: Event & { readonly event: 'result' }, ink: Paint): readonly string[] {
  const where = event.generation === null ? 'nothing is installed' : `generation ${event.generation} is live`;
  const next = nextWords(event);
  switch (event.outcome) {
    case 'committed':
      return [`${ink.green('done:')} ${where}${wayBack(event)}`];
    case 'trial':
      return [trialLine(event, where, ink)];
    case 'undone':
      return [`${ink.yellow('undone:')} everything is as before, ${where}`, ...(next === null ? [] : [next])];
    case 'refused':
      // Who may not look into a root of somebody else does not know what is there.
      return [event.refusal?.code === 'other-owner' ? 'nothing was changed' : `nothing was changed, ${where}`];
    case 'needs-recovery':
      // What kept it from beginning has said what to do.
      if (event.refusal !== undefined) return [`nothing was changed, ${where}, but the root is damaged`];
      return [`${ink.red('not fully undone:')} ${where}; run: pkg recover`, ...(next === null ? [] : [next])];
    case 'nothing-to-do':
      return [];
    default:
      return event.outcome satisfies never;
  }
}

/** Not every command that ends well has one. */
function wayBack({ wayBack: command }: Event & { readonly event: 'result' }): string {
  return command === undefined ? '' : `; the way back: ${command}`;
}
