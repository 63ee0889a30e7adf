import type { Step } from '../../../model/index.ts';

/** Maintenance mode of a bundle: on before its services stop, off after they are back. */
export function maintenanceStep(bundle: string, on: boolean): Step {
  return {
    kind: 'maintenance',
    phase: on ? 'quiesce' : 'resume',
    bundle,
    on,
    summary: `maintenance of ${bundle} ${on ? 'on' : 'off'}`,
    undo: `maintenance ${on ? 'off' : 'on'}`,
  };
}
