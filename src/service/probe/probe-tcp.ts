import net from 'node:net';
import type { Answer } from './probe-declared.ts';

/** Whether a connection to `PORT` or `HOST:PORT` is accepted. */
export function probeTcp(address: string | number, timeoutMs: number): Promise<Answer> {
  const { host, port } = parts(String(address));
  const title = `port ${port} of ${host}`;
  if (!(port > 0 && port < 65_536)) {
    return Promise.resolve({ answered: false, message: `'${address}' is neither PORT nor HOST:PORT` });
  }
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    const answer = (answered: boolean, message: string) => {
      socket.destroy();
      resolve({ answered, message });
    };
    socket.setTimeout(timeoutMs, () => answer(false, `${title} does not answer`));
    socket.once('connect', () => answer(true, `${title} accepts connections`));
    socket.once('error', (error: NodeJS.ErrnoException) => answer(false, `${title}: ${error.code ?? error.message}`));
  });
}

/** `8080`, `db:5432`, `[::1]:80`. */
function parts(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':');
  const host = colon < 0 ? '127.0.0.1' : address.slice(0, colon).replaceAll(/^\[|\]$/g, '');
  return { host, port: Number(address.slice(colon + 1)) };
}
