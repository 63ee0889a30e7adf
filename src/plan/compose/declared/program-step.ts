import { bundleTitle, type Phase, type Step } from '../../../model/index.ts';
import { bundleOf, type DeclaredStep, timeoutOf } from './declared-step.ts';

/** A program of the bundle, run at its place of the change; a migration is undone by the same program in the other direction. */
export function programStep(
  one: DeclaredStep,
  verb: 'check' | 'prepare' | 'backup' | 'run' | 'migrate',
  phase: Phase,
): Step {
  const { leg, direction, from, to, step, isRestored: isCopied } = one;
  const bundle = bundleOf(one);
  const run = words(step[verb]);
  const isRestored = isCopied && (verb === 'run' || verb === 'migrate');
  const irreversible = step['irreversible'] === true && !isRestored;
  const isReversed = verb === 'migrate' && !irreversible && !isRestored;
  const undoRun = step['undo'] === undefined ? (isReversed ? run : null) : words(step['undo']);
  return {
    kind: 'run-program',
    phase,
    verb,
    bundle: bundle.id,
    generation: leg.facts.nextGeneration,
    run,
    undoRun,
    direction,
    fromVersion: from.id.version,
    toVersion: to.id.version,
    extra: step['extra'] ?? null,
    timeout: timeoutOf(step, '5m'),
    irreversible,
    summary: `${verb} ${direction} ${from.id.version} -> ${to.id.version}: run ${run[0]} of ${bundleTitle(bundle.id)}`,
    undo: undoRun === null && isRestored ? RESTORED : undoText(undoRun, irreversible, direction),
  };
}

const RESTORED = 'the data comes back from its backup';

function undoText(undoRun: readonly string[] | null, irreversible: boolean, direction: 'up' | 'down'): string {
  if (irreversible) return 'cannot be undone';
  if (undoRun === null) return 'nothing to undo';
  return `run ${undoRun[0]} ${direction === 'up' ? 'down' : 'up'}`;
}

function words(command: unknown): readonly string[] {
  return typeof command === 'string' ? [command] : (command as readonly string[]);
}
