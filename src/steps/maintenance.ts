import { type Maintenance, readMaintenance, refreshHaproxy, writeMaintenance } from '../traffic/index.ts';
import type { StepHandler } from './step-handler.ts';
import type { World } from './world.ts';

/** The mark of a bundle that proxies look at. One that an operator has put up stays until the operator takes it down. */
export const maintenance: StepHandler<'maintenance'> = {
  repeatable: true,

  async note(step, { layout }) {
    return { before: readMaintenance(layout.maintenance(step.bundle)) };
  },

  async do(step, world, note) {
    const before = maintenanceBefore(note);
    if (before?.by === 'operator') return;
    await put(step.bundle, step.on ? (before ?? fromNow()) : null, world);
  },

  async undo(step, world, note) {
    if (note !== undefined) await put(step.bundle, maintenanceBefore(note), world);
  },
};

async function put(bundle: string, wanted: Maintenance | null, { layout, tell }: World): Promise<void> {
  const folder = layout.maintenance(bundle);
  writeMaintenance(folder, wanted);
  const message = await refreshHaproxy(folder);
  if (message !== null) tell({ event: 'warning', message });
}

function maintenanceBefore(note: unknown): Maintenance | null {
  return (note as { readonly before?: Maintenance | null } | undefined)?.before ?? null;
}

function fromNow(): Maintenance {
  return { since: new Date().toISOString(), until: null, message: null, paths: [], by: 'change' };
}
