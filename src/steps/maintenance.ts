import { type Maintenance, readMaintenance, writeMaintenance } from '../traffic/index.ts';
import type { StepHandler } from './step-handler.ts';

/** The mark of a bundle that proxies look at. One that an operator has put up stays until the operator takes it down. */
export const maintenance: StepHandler<'maintenance'> = {
  repeatable: true,

  async note(step, { layout }) {
    return { before: readMaintenance(layout.maintenance(step.bundle)) };
  },

  async do(step, { layout }, note) {
    const folder = layout.maintenance(step.bundle);
    const before = maintenanceBefore(note);
    if (before?.by === 'operator') return;
    writeMaintenance(folder, step.on ? (before ?? fromNow()) : null);
  },

  async undo(step, { layout }, note) {
    if (note !== undefined) writeMaintenance(layout.maintenance(step.bundle), maintenanceBefore(note));
  },
};

function maintenanceBefore(note: unknown): Maintenance | null {
  return (note as { readonly before?: Maintenance | null } | undefined)?.before ?? null;
}

function fromNow(): Maintenance {
  return { since: new Date().toISOString(), until: null, message: null, paths: [], by: 'change' };
}
