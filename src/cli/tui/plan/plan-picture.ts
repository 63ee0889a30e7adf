import { type Change, type Direction, type Plan, type Step, sameService } from '../../../model/index.ts';
import { DIRECTION_WORDS } from '../../views/direction-words.ts';
import { dangersOf } from '../../dangers.ts';
import type { Paint } from '../../views/paint.ts';
import { CLASS_WORDS, planLines, settingLines, summaryLines } from '../../views/plan-text.ts';
import { bundleOfStep } from './bundle-of-step.ts';
import type { State } from '../change/state.ts';

const SIGNS: Readonly<Record<Direction, string>> = { add: '+', up: '^', rebuild: '=', down: 'v', remove: '-' };

/** Unpacking, links and records happen to every bundle; they stand among the steps. */
const EVERYWHERE: ReadonlySet<Step['kind']> = new Set([
  'place-bundle',
  'keep-archive',
  'make-data',
  'guard-service',
  'prove-service',
  'retire-service',
  'note-data-format',
]);

/** The plan as a tree: bundles with what happens to each, then what to know before a yes, then the same as a command. */
export function planPicture(plan: Plan, { command, isDetailed }: State, ink: Paint): readonly string[] {
  return [
    ...(isDetailed ? planLines(plan, true, ink) : picture(plan, ink)),
    '',
    `${ink.dim('$')} ${withYes(command)}`,
    ...(dangersOf(plan).length === 0 ? [] : ['', ink.red('Type the whole word yes to go on.')]),
  ];
}

function picture(plan: Plan, ink: Paint): readonly string[] {
  const from = plan.from === null ? 'an empty root' : `generation ${plan.from}`;
  const width = Math.max(0, ...plan.changes.map(({ name }) => name.length));
  // At once: among a thousand bundles, looking for the steps of each would be felt at every key.
  const stepsOf = Map.groupBy(plan.steps.filter(isWorthALine), bundleOfStep);
  return [
    ink.bold(`${from} -> generation ${plan.to}`),
    ...plan.changes.flatMap((change) => [changeLine(change, width, ink), ...tree(stepsOf.get(change.name) ?? [], ink)]),
    ...untouched(plan, ink),
    ...settingLines(plan),
    ...plan.notes.map((note) => `  ${ink.dim('note:')} ${note}`),
    ...summaryLines(plan, ink),
  ];
}

function changeLine({ name, from, to, direction, class: disturbs }: Change, width: number, ink: Paint): string {
  const versions = from === null ? `${to}` : to === null ? from : `${from} -> ${to}`;
  const colour = { add: ink.green, up: ink.green, rebuild: ink.cyan, down: ink.yellow, remove: ink.red }[direction];
  const harm = disturbs === 'none' ? '' : `  ${classColour(disturbs, ink)(CLASS_WORDS[disturbs])}`;
  return `${colour(SIGNS[direction])} ${ink.bold(name.padEnd(width))}  ${versions}  ${colour(DIRECTION_WORDS[direction])}${harm}`;
}

function classColour(disturbs: Change['class'], ink: Paint): (text: string) => string {
  if (disturbs === 'hot' || disturbs === 'reload' || disturbs === 'replace') return ink.green;
  return disturbs === 'restart' ? ink.yellow : ink.red;
}

/** Services of bundles that stay as they are, but use what changes. */
function untouched({ changes, steps }: Plan, ink: Paint): readonly string[] {
  const changing = new Set(changes.map(({ name }) => name));
  const others = steps.filter((step) => 'service' in step && !changing.has(step.service.bundle.name));
  const shown = others.filter(isWorthALine);
  return shown.length === 0 ? [] : ['also touched', ...tree(shown, ink)];
}

function tree(steps: readonly Step[], ink: Paint): readonly string[] {
  const lines = steps.filter((step, at) => !steps.slice(0, at).some((other) => isSame(other, step)));
  return lines.map(({ summary }, at) => `    ${ink.dim(at === lines.length - 1 ? '`-' : '|-')} ${summary}`);
}

/** On a way over several versions the same may be said of the same service more than once. */
function isSame(one: Step, other: Step): boolean {
  if (one.kind !== other.kind || one.summary !== other.summary) return false;
  return !('service' in one && 'service' in other) || sameService(one.service.name, other.service.name);
}

function isWorthALine({ kind }: Step): boolean {
  return !EVERYWHERE.has(kind);
}

/** The command that does the same without asking. */
function withYes(command: string): string {
  return command.replace(/^pkg /, 'pkg --yes ');
}
