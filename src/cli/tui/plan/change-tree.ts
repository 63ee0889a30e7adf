import type { Change, Direction, Plan, Step } from '../../../model/index.ts';
import { DIRECTION_WORDS } from '../../views/direction-words.ts';
import type { Paint } from '../../views/paint.ts';
import { CLASS_WORDS } from '../../views/plan-text.ts';
import { bundleOfStep } from './bundle-of-step.ts';

const SIGNS: Readonly<Record<Direction, string>> = { add: '+', up: '^', rebuild: '=', down: 'v', remove: '-' };

/** What is needed further down has no room to the right; it begins at the left again. */
const DEEPEST = 4;

/** Every bundle that changes, below who needs it, with what happens to it. */
export function changeTree(
  plan: Plan,
  stepLines: (steps: readonly Step[]) => readonly string[],
  ink: Paint,
): readonly string[] {
  const changes = new Map(plan.changes.map((change) => [change.name, change]));
  const needs = (plan.needs ?? []).filter(({ by, on }) => changes.has(by) && changes.has(on));
  const needsOf = Map.groupBy(needs, ({ by }) => by);
  const needed = new Set(needs.map(({ on }) => on));
  // At once: among a thousand bundles, looking for the steps of each would be felt at every key.
  const stepsOf = Map.groupBy(plan.steps, bundleOfStep);
  const width = Math.max(0, ...plan.changes.map(({ name }) => name.length));
  const drawn = new Set<string>();

  const tops = plan.changes.filter(({ name }) => !needed.has(name));
  // Those that need each other in a circle are below nobody.
  return [...tops, ...plan.changes].flatMap((change) => (drawn.has(change.name) ? [] : draw(change, 0)));

  function draw(change: Change, depth: number): readonly string[] {
    drawn.add(change.name);
    const own = stepLines(stepsOf.get(change.name) ?? []).map((line) => [line]);
    const below = (needsOf.get(change.name) ?? []).flatMap(({ on, as, range }) => {
      const other = changes.get(on);
      if (other === undefined) return [];
      const isAbove = drawn.has(on);
      const [first = '', ...rest] = isAbove
        ? [`${on}, as above`]
        : depth === DEEPEST
          ? [`${on}, below`]
          : draw(other, depth + 1);
      const wanted = as === on && range === '*' ? '' : ` (${as === on ? '' : `as ${as} `}${range})`;
      return [[`${ink.dim('needs')} ${first}${ink.dim(wanted)}`, ...rest]];
    });
    return [changeLine(change, width, ink), ...branches([...own, ...below], ink)];
  }
}

/** Parts below each other on one stem; a part may have branches of its own. */
export function branches(parts: readonly (readonly string[])[], ink: Paint): readonly string[] {
  return parts.flatMap(([first = '', ...rest], at) => {
    const isLast = at === parts.length - 1;
    const stem = `    ${ink.dim(isLast ? ' ' : '|')} `;
    return [`    ${ink.dim(isLast ? '`-' : '|-')} ${first}`, ...rest.map((line) => `${stem}${line}`)];
  });
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
