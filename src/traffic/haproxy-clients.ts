import type { Client } from '../model/index.ts';
import type { Preview } from './aim.ts';

/** The two maps by which HAProxy knows the clients of a preview: by their headers, and by where they come from. */
export const CLIENT_MAPS = ['headers', 'addresses'] as const;

export type ClientMap = (typeof CLIENT_MAPS)[number];

/** What stands in one of the maps: a pattern and the server to go to, one a line; nothing without a preview. */
export function clientsText(map: ClientMap, preview: Preview | null, server: string): string {
  const clients = preview?.clients ?? [];
  const patterns = clients.filter((client) => mapOf(client) === map).map(patternOf);
  return patterns.map((pattern) => `${pattern} ${server}\n`).join('');
}

/** The same from the answer to `show map`, which has an address of the memory before each line. */
export function clientsShown(answer: string): string {
  const lines = answer.split('\n').filter((line) => line.startsWith('0x'));
  return lines.map((line) => `${line.slice(line.indexOf(' ') + 1)}\n`).join('');
}

function mapOf({ kind }: Client): ClientMap {
  return kind === 'address' ? 'addresses' : 'headers';
}

/** A line of a map ends its pattern at the first space, so no pattern has one; all headers of a request are one text. */
function patternOf(client: Client): string {
  switch (client.kind) {
    case 'header':
      return `(?m)^(?i:${client.name}):[[:blank:]]*${exactly(client.value)}[[:space:]]*$`;
    case 'cookie':
      return `(?m)^(?i:cookie):(.*[;[:blank:]])?${client.name}=${exactly(client.value)}[[:space:]]*(;|$)`;
    case 'address':
      return client.address;
    default:
      return client satisfies never;
  }
}

/** `[.]` and not a backslash, which the runtime socket reads as its own. */
function exactly(value: string): string {
  return value.replaceAll(/\W/g, '[$&]');
}
