import type { Plan } from './plan.ts';

/** A client of a preview: known by a header, by a cookie, or by its address. */
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

/** The clients of a previewed plan, as typed; none for most plans. */
export function previewedBy({ steps }: Pick<Plan, 'steps'>): readonly string[] {
  const clients = steps.flatMap((step) => (step.kind === 'preview-service' ? step.clients.map(clientTitle) : []));
  return [...new Set(clients)];
}
