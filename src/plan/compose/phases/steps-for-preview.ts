import { type Client, clientTitle, type Step, serviceTitle } from '../../../model/index.ts';
import type { Leg, Touch } from '../leg.ts';
import { afterOf, beforeOf } from '../services/service-at.ts';

/** For a preview: new instances already run beside the old ones, and some clients see them. The rest waits. */
export function stepsForPreview(leg: Leg, touches: readonly Touch[]): readonly Step[] {
  const clients = leg.request.preview ?? [];
  if (clients.length === 0) return [];
  return touches.filter(({ action }) => action === 'replace').map((touch) => preview(touch, clients, leg));
}

function preview(touch: Touch, clients: readonly Client[], leg: Leg): Step {
  const title = serviceTitle(touch.name);
  return {
    kind: 'preview-service',
    phase: 'prepare',
    old: beforeOf(touch, leg),
    service: afterOf(touch, leg),
    clients,
    summary: `start the new ${title} beside the old, for ${clients.map(clientTitle).join(', ')}`,
    undo: 'send everybody to the old one, end the new one',
  };
}
