import type { Plan } from './plan.ts';

/** Who sees a new version before everybody does: by a header, by a cookie, or by the address they come from. */
export type Client =
  | { readonly kind: 'header'; readonly name: string; readonly value: string }
  | { readonly kind: 'cookie'; readonly name: string; readonly value: string }
  /** One address, or a network as `10.0.0.0/24`. */
  | { readonly kind: 'address'; readonly address: string };

/** `header:X-Preview=1`, `cookie:beta=yes`, `address:10.0.0.5`: as it is typed, shown and told. */
export function clientTitle(client: Client): string {
  if (client.kind === 'address') return `address:${client.address}`;
  return `${client.kind}:${client.name}=${client.value}`;
}

/** Who alone sees what a plan brings until it is published, as it was typed; nobody for most plans. */
export function previewedBy({ steps }: Pick<Plan, 'steps'>): readonly string[] {
  const clients = steps.flatMap((step) => (step.kind === 'preview-service' ? step.clients.map(clientTitle) : []));
  return [...new Set(clients)];
}
