import net from 'node:net';

/** Asks HAProxy through its runtime socket; rejects if nobody answers there. */
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
