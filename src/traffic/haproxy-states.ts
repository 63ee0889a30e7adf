import type { Aim } from './aim.ts';

/** One line of `show servers state`, which is also what HAProxy reads when it starts. */
export type ServerState = {
  readonly name: string;
  readonly port: number;
  readonly isUp: boolean;
  readonly isReady: boolean;
};

/** The servers of one backend, by the columns of the management guide (9.3, show servers state). */
export function serversIn(text: string, backend: string): readonly ServerState[] {
  return text.split('\n').flatMap((line) => {
    const columns = line.split(' ');
    if (columns[BACKEND] !== backend) return [];
    return [
      {
        name: columns[NAME] ?? '',
        port: Number(columns[PORT]),
        isUp: columns[OPERATIONAL] === '2',
        isReady: (Number(columns[ADMINISTRATIVE]) & ~IN_CONFIG) === 0,
      },
    ];
  });
}

/** Whether a server gets new connections by this aim; clients of a preview are sent to a draining server. */
export function isReadyBy({ port, isDrained }: Aim, server: { readonly port: number }): boolean {
  return !isDrained && server.port === port;
}

/** The same text with one server of the backend ready, at its full weight, and the others draining. */
export function withAim(text: string, backend: string, aim: Aim): string {
  const lines = text.split('\n').map((line) => {
    const columns = line.split(' ');
    if (columns[BACKEND] !== backend) return line;
    const kept = Number(columns[ADMINISTRATIVE]) & IN_CONFIG;
    const isReady = isReadyBy(aim, { port: Number(columns[PORT]) });
    const told = columns.with(ADMINISTRATIVE, String(isReady ? kept : kept | DRAINING));
    return (isReady ? told.with(WEIGHT, columns[FULL_WEIGHT] ?? '1') : told).join(' ');
  });
  return `${lines.join('\n').trimEnd()}\n`;
}

/** From the answer to `show servers conn`: idle connections to this port. */
export function idleIn(text: string, port: number): number {
  const lines = text.split('\n').map((line) => line.split(' '));
  const column = (lines.find(([first]) => first === '#') ?? []).indexOf('idle_cur') - 1;
  const idle = lines.filter((columns) => columns[3] === String(port)).map((columns) => Number(columns[column]));
  return idle.find((count) => count > 0) ?? 0;
}

const [BACKEND, NAME, OPERATIONAL, ADMINISTRATIVE, WEIGHT, FULL_WEIGHT, PORT] = [1, 3, 5, 6, 7, 8, 18] as const;

// Bits of srv_admin_state. The first says `disabled` in the configuration; without it that word would count as new.
const IN_CONFIG = 4;
const DRAINING = 8;
