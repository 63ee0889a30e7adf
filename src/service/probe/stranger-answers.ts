import type { Launch, Probe, RunRecord } from '../../model/index.ts';
import { familyOf } from '../process/family.ts';
import { isOurs, isSibling } from '../process/is-ours.ts';
import { commandOf, holdersOf } from '../process/listeners-on.ts';

/**
 * Who else answers on the port that the probe asks, or null. A program that finds its port taken may live for a moment,
 * while somebody else says yes in its place: the former instance, another service, a stranger. Without `ports` the port
 * of the probe counts as the service's own; one that others answer for it, a proxy in front, is none of its `ports`.
 */
export function strangerWhoAnswers(launch: Launch, record: RunRecord): string | null {
  const port = ownPort(launch);
  if (port === null) return null;
  const holders = holdersOf(port);
  const [pid] = holders;
  if (pid === undefined) return null;
  const family = new Set(
    familyOf(record)
      .living()
      .map((one) => one.pid),
  );
  // What only a command can tell about, a container say, is nobody whom a port could lead to.
  if (family.size === 0 && record.manager === 'command') return null;
  // Those who keep services have one instance of each, which carries no number.
  const isTheOne = (holder: number) => record.instance === null && isSibling(holder, launch);
  if (holders.some((holder) => family.has(holder) || isOurs(holder, record) || isTheOne(holder))) return null;
  return `port ${port} is answered by ${commandOf(pid)} (pid ${pid}), which is not this service`;
}

/** A socket that systemd holds for the service is the service's. */
function ownPort({ service, port: given }: Launch): number | null {
  const port = service.ready === undefined ? null : portAsked(service.ready);
  if (port === null || service.socket !== undefined) return null;
  const own = [...(service.ports ?? []), ...(given === null ? [] : [given])];
  return own.length === 0 || own.includes(port) ? port : null;
}

const HERE = /^(?:127(?:\.\d+){3}|localhost|\[::1\])$/;

function portAsked({ http, tcp }: Probe): number | null {
  if (typeof tcp === 'number') return tcp;
  const text = http ?? (tcp === undefined ? undefined : `tcp://${/^\d+$/.test(tcp) ? `localhost:${tcp}` : tcp}`);
  const url = text === undefined ? null : URL.parse(text);
  if (url === null || !HERE.test(url.hostname)) return null;
  return Number(url.port) || (url.protocol === 'http:' ? 80 : null);
}
