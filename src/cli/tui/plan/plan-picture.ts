import { dataLosses, type Plan, quoted, type Step, sameService } from '../../../model/index.ts';
import { dangersOf } from '../../dangers.ts';
import type { Paint } from '../../views/paint.ts';
import { CLASS_WORDS, planLines, settingLines, summaryLines } from '../../views/plan-text.ts';
import { branches, changeTree } from './change-tree.ts';
import { commandLines } from './command-lines.ts';
import type { State } from '../change/state.ts';

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
export function planPicture(plan: Plan, { command, answered, isDetailed, size }: State, ink: Paint): readonly string[] {
  return [
    ...(isDetailed ? planLines(plan, true, ink) : picture(plan, ink)),
    '',
    ...commandLines(withYes(command, answered, plan), size.columns, ink),
    ...(dangersOf(plan).length === 0 ? [] : ['', ink.red('Type the whole word yes to go on.')]),
  ];
}

function picture(plan: Plan, ink: Paint): readonly string[] {
  const from = plan.from === null ? 'an empty root' : `generation ${plan.from}`;
  return [
    ink.bold(`${from} -> generation ${plan.to}`),
    ...changeTree(plan, stepLines, ink),
    ...untouched(plan, ink),
    ...settingLines(plan),
    ...plan.notes.map((note) => `  ${ink.dim('note:')} ${note}`),
    ...summaryLines(plan, ink),
    ...returnLines(plan),
  ];
}

/** From where on nothing is undone; the summary has the way back of what touches services. */
function returnLines({ class: disturbs, wayBack, pointOfNoReturn, steps }: Plan): readonly string[] {
  const isCalm = disturbs === 'none' && wayBack.class === 'none' && wayBack.loses.length === 0;
  const last = pointOfNoReturn === null ? undefined : steps[pointOfNoReturn - 1];
  // What is deleted at the very end has no undo either.
  const step = last ?? steps.find(({ kind }) => kind === 'purge');
  return [
    ...(isCalm ? [`  the way back: ${CLASS_WORDS.none}`] : []),
    `  point of no return: ${step === undefined ? 'none, a failure undoes everything' : step.summary}`,
  ];
}

/** Services of bundles that stay as they are, but use what changes. */
function untouched({ changes, steps }: Plan, ink: Paint): readonly string[] {
  const changing = new Set(changes.map(({ name }) => name));
  const others = steps.filter((step) => 'service' in step && !changing.has(step.service.bundle.name));
  const shown = stepLines(others).map((line) => [line]);
  return shown.length === 0 ? [] : ['also touched', ...branches(shown, ink)];
}

function stepLines(steps: readonly Step[]): readonly string[] {
  const shown = steps.filter(isWorthALine);
  return shown
    .filter((step, at) => !shown.slice(0, at).some((other) => isSame(other, step)))
    .map(({ summary }) => summary);
}

/** On a way over several versions the same may be said of the same service more than once. */
function isSame(one: Step, other: Step): boolean {
  if (one.kind !== other.kind || one.summary !== other.summary) return false;
  return !('service' in one && 'service' in other) || sameService(one.service.name, other.service.name);
}

function isWorthALine(step: Step): boolean {
  // A merge is made once more right before the switch, and once for each version that is only passed: it is one decision.
  if (step.kind === 'write-config') return step.phase !== 'switch' && step.isPassed !== true;
  return !EVERYWHERE.has(step.kind);
}

/** The command that does the same without asking. */
function withYes(command: string, answered: readonly string[], plan: Plan): string {
  const given = TAKES_ANSWERS.test(command) ? answered : [];
  // A stored plan takes no more consent than it was made with.
  const losses = / apply /.test(command) ? [] : dataLosses(plan);
  const named = losses.flatMap(({ name }) => ['--accept-data-loss', name]);
  return [command.replace(/^pkg /, 'pkg --yes '), ...[...given, ...named].map(quoted)].join(' ');
}

/** Elsewhere what was asked for was named on the command line. */
const TAKES_ANSWERS = / (?:install|upgrade|downgrade)(?: |$)/;
