import net from 'node:net';

/** Asks HAProxy by its runtime socket; rejects when nobody answers there. */
export function askHaproxy(socket: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = net.connect({ path: socket, timeout: 5_000 });
    let answer = '';
    connection.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    connection.once('timeout', () => connection.destroy(new Error(`no answer at ${socket}`)));
    connection.once('error', reject);
    connection.once('end', () => resolve(answer.trim()));
    connection.once('connect', () => connection.write(`${command}\n`));
  });
}

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
    if (columns[1] !== backend) return [];
    const [name = '', operational, administrative] = [columns[3], columns[5], columns[6]];
    return [
      {
        name,
        port: Number(columns[18]),
        isUp: operational === '2',
        isReady: (Number(administrative) & ~IN_CONFIG) === 0,
      },
    ];
  });
}

/** The same text with one server of the backend ready and the others draining. */
export function withReady(text: string, backend: string, port: number): string {
  const lines = text.split('\n').map((line) => {
    const columns = line.split(' ');
    if (columns[1] !== backend) return line;
    const kept = Number(columns[6]) & IN_CONFIG;
    return columns.with(6, String(Number(columns[18]) === port ? kept : kept | DRAINING)).join(' ');
  });
  return `${lines.join('\n').trimEnd()}\n`;
}

// Bits of srv_admin_state. The first says `disabled` in the configuration; without it that word would count as new.
const IN_CONFIG = 4;
const DRAINING = 8;
