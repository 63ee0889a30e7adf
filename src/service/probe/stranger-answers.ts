import type { Launch, Probe, RunRecord } from '../../model/index.ts';
import { readText } from '../../system/index.ts';
import { familyOf } from '../process/family.ts';
import { isOurs, isSibling } from '../process/is-ours.ts';
import { commandOf, holdersOf } from '../process/listeners-on.ts';

/**
 * Who else answers on the port that the probe asks, or null. A program that finds its port taken may live for a moment,
 * while somebody else says yes in its place. Without `ports` the port of the probe counts as the service's own; one
 * that others answer for it, a proxy in front, is none of its `ports`.
 */
export function strangerWhoAnswers(launch: Launch, record: RunRecord): string | null {
  const port = ownPort(launch);
  if (port === null) return null;
  const holders = holdersOf(port);
  if (holders.length === 0) return null;
  const family = new Set(
    familyOf(record)
      .living()
      .map(({ pid }) => pid),
  );
  const isOfUs = (pid: number) =>
    family.has(pid) || isOurs(pid, record) || isSibling(pid, launch) || isOfRoot(pid, launch);
  if (holders.some(isOfUs)) return null;
  const [pid = 0] = holders;
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

/** Another service of the same root may answer for it. */
function isOfRoot(pid: number, { env }: Launch): boolean {
  const told = readText(`/proc/${pid}/environ`)?.split('\0') ?? [];
  return told.includes(`PKG_ROOT=${env['PKG_ROOT']}`) && told.some((line) => line.startsWith('PKG_SERVICE='));
}
