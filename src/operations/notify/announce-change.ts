import { type Event, PHASES, type Plan, type Result } from '../../model/index.ts';
import { type Layout, transactionIds } from '../../store/index.ts';
import type { Session } from '../session.ts';
import { asPkgError } from '../settled.ts';
import { announcer, type Told } from './announcer.ts';
import { interruptionMeter } from './interruption-meter.ts';

/** Runs a change whose plan was accepted, and tells the listeners how it goes. */
export async function announceChange(
  plan: Plan,
  run: (watched: Session) => Promise<Result>,
  layout: Layout,
  session: Session,
): Promise<Result> {
  const crier = announcer(layout, session);
  const watch = watchOver(plan, newest(layout), layout);
  crier.announce(watch.told('planned'));
  try {
    const tell = (event: Event): void => {
      if (watch.begins(event)) crier.announce(watch.told('started'));
      session.tell(event);
    };
    const result = await run({ ...session, tell });
    crier.announce(watch.ended(result));
    return result;
  } catch (error) {
    const { code, message } = asPkgError(error, layout.root);
    const event = code === 'undo-failed' ? 'needs-recovery' : 'undone';
    crier.announce({ ...watch.told(event), error: { code, message } });
    throw error;
  } finally {
    await crier.heard();
  }
}

/** What the events tell of a change while it goes on. */
function watchOver(plan: Plan, before: number, layout: Layout) {
  const meter = interruptionMeter();
  let hasBegun = false;
  let error: Told['error'] = null;

  function told(event: Told['event']): Told {
    const { changes, interruption } = plan;
    const measured = event === 'planned' || event === 'started' ? null : meter.milliseconds();
    return {
      event,
      changes,
      class: plan.class,
      trialUntil: null,
      error,
      transaction: begun(),
      interruption: { expected: interruption, measured },
    };
  }

  /** Listeners can do without the number, so a failure to read it must not change how the change ends. */
  function begun(): number | null {
    try {
      const number = newest(layout);
      return number > before ? number : null;
    } catch {
      return null;
    }
  }

  return {
    told,
    /** Whether the change reaches running services with this event; true once. */
    begins(event: Event): boolean {
      if (event.event === 'error') error ??= { code: event.code, message: event.message };
      const step = event.event === 'step' ? plan.steps[event.n - 1] : undefined;
      if (event.event !== 'step' || step === undefined) return false;
      meter.note({ step, state: event.state });
      const isFirst = !hasBegun && PHASES[event.phase] >= PHASES.quiesce;
      hasBegun ||= isFirst;
      return isFirst;
    },
    ended({ outcome, trialUntil }: Result): Told {
      if (outcome === 'undone' || outcome === 'needs-recovery') return told(outcome);
      return { ...told('finished'), trialUntil: trialUntil ?? null };
    },
  };
}

function newest(layout: Layout): number {
  return Math.max(0, ...transactionIds(layout));
}
