import type { Change, Plan, Step } from '../../model/index.ts';
import type { Paint } from './paint.ts';

const SIGNS = { add: '+', up: '↑', down: '↓', rebuild: '~', remove: '-' } as const;
const WORDS = { add: 'install', up: 'upgrade', down: 'downgrade', rebuild: 'rebuild', remove: 'remove' } as const;

/** The plan as people read it: changes with removals last, the steps when asked for, what to know before a yes. */
export function planLines(plan: Plan, verbose: boolean, ink: Paint): readonly string[] {
  const from = plan.from === null ? 'an empty root' : `generation ${plan.from}`;
  const width = Math.max(0, ...plan.changes.map(({ name }) => name.length));
  const removals = plan.changes.filter(({ direction }) => direction === 'remove');
  const others = plan.changes.filter(({ direction }) => direction !== 'remove');
  return [
    ink.bold(`${from} -> generation ${plan.to}`),
    ...others.map((change) => changeLine(change, width, ink)),
    ...removals.map((change) => ink.red(changeLine(change, width, ink))),
    ...(verbose ? plan.steps.map((step, index) => stepLine(step, index, plan)) : []),
    ...plan.notes.map((note) => `  ${ink.dim('note:')} ${note}`),
    ...plan.wayBack.loses.map((loss) => ink.red(`  cannot be brought back: ${loss}`)),
  ];
}

function changeLine({ name, from, to, direction }: Change, width: number, ink: Paint): string {
  const versions = from === null ? to : to === null ? from : `${from} -> ${to}`;
  return `  ${SIGNS[direction]} ${name.padEnd(width)}  ${versions}  ${ink.dim(WORDS[direction])}`;
}

function stepLine(step: Step, index: number, plan: Plan): string {
  const number = String(index + 1).padStart(String(plan.steps.length).length);
  return `    ${number}. ${step.phase}: ${step.summary} (undo: ${step.undo})`;
}
