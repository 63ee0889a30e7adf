import { readText } from '../system/index.ts';

/** How many connections to a port of this machine are open now, as the side that listens counts them. */
export function openConnections(port: number): number {
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(
    (file) => readText(file)?.trim().split('\n').slice(1) ?? [],
  );
  return lines.filter((line) => isOpenAt(line, port)).length;
}

/** proc_net_tcp(5): the second field is ADDRESS:PORT in hexadecimal, the fourth the state: 01 is ESTABLISHED. */
function isOpenAt(line: string, port: number): boolean {
  const [, local = '', , state] = line.trim().split(/\s+/);
  return state === '01' && Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16) === port;
}
