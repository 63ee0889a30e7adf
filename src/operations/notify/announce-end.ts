import type { Plan } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import type { Session } from '../session.ts';
import { announcer, type Told } from './announcer.ts';

/** A change that another call began and left open, or on trial. */
export type LeftOpen = { readonly id: number; readonly plan: Plan | null };

/** Tells the listeners how it ended after all. */
export async function announceEnd(
  event: 'finished' | 'undone',
  { id, plan }: LeftOpen,
  layout: Layout,
  session: Session,
): Promise<void> {
  const crier = announcer(layout, session);
  const told: Told = {
    event,
    transaction: id,
    changes: plan?.changes ?? [],
    class: plan?.class ?? 'none',
    interruption: { expected: plan?.interruption ?? 0, measured: null },
    trialUntil: null,
    error: null,
  };
  crier.announce(told);
  await crier.heard();
}
