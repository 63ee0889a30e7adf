import { type ServiceName, serviceTitle, type Step } from '../../model/index.ts';

/** A step and how far it came, as the engine tells it. */
export type Seen = { readonly step: Step; readonly state: string };

/** Watches the steps of a change, and measures how long the service that was away longest was away. */
export function interruptionMeter(now: () => number = () => performance.now()): {
  note(seen: Seen): void;
  milliseconds(): number;
} {
  const goneSince = new Map<string, number>();
  const away = new Map<string, number>();

  function back(service: string): void {
    const since = goneSince.get(service);
    if (since === undefined) return;
    away.set(service, (away.get(service) ?? 0) + now() - since);
    goneSince.delete(service);
  }

  return {
    note({ step, state }) {
      const gone = state === 'doing' ? goneWith(step) : null;
      if (gone !== null && !goneSince.has(gone)) goneSince.set(gone, now());
      const came = backWith(step, state);
      if (came !== null) back(came);
    },
    milliseconds() {
      const still = [...goneSince].map(([service, since]) => (away.get(service) ?? 0) + now() - since);
      return Math.round(Math.max(0, ...away.values(), ...still));
    },
  };
}

function goneWith(step: Step): string | null {
  // After the switch, only services that leave for good are stopped.
  if (step.kind === 'stop-service') return step.phase === 'quiesce' ? title(step.service) : null;
  return step.kind === 'restart-service' ? title(step.old) : null;
}

function backWith(step: Step, state: string): string | null {
  if (state === 'done' && step.kind === 'start-service') return title(step.service);
  if (state === 'done' && step.kind === 'restart-service') return title(step.old);
  // The guard has brought it back.
  return state === 'undone' && step.kind === 'guard-service' ? title(step.service) : null;
}

function title({ name }: { readonly name: ServiceName }): string {
  return serviceTitle(name);
}
