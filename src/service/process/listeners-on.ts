import fs from 'node:fs';
import { listProcesses, readText } from '../../system/index.ts';

/** Who holds a port; `pid` is null where the kernel hides the process from us. */
export type PortHolder = { readonly pid: number | null; readonly command: string };

/** Who listens on which of these TCP ports of this machine; free ports are absent. */
export function listenersOn(ports: readonly number[]): ReadonlyMap<number, PortHolder> {
  const sockets = listeningSockets(ports);
  const owners = ownersOf(sockets);
  return new Map(sockets.map((socket) => [socket.port, holderOf(socket, owners.get(socket.inode)?.[0])]));
}

/** Every process that listens on the port, the one that began first in front. */
export function holdersOf(port: number): readonly number[] {
  return [...ownersOf(listeningSockets([port])).values()].flat();
}

/** `nginx: master process /usr/sbin/nginx`, or the name of the program where nothing more is known. */
export function commandOf(pid: number): string {
  const words = readText(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim() ?? '';
  if (words === '') return readText(`/proc/${pid}/comm`)?.trim() ?? '';
  return words.length > LONGEST_COMMAND ? `${words.slice(0, LONGEST_COMMAND)} …` : words;
}

const LONGEST_COMMAND = 120;

type Socket = { readonly port: number; readonly inode: string; readonly uid: string };

const LISTEN = '0A';

/**
 * proc_net_tcp(5): the second field is ADDRESS:PORT in hexadecimal, then state in the fourth, uid 8th, inode 10th. Where
 * many connections come and go there are thousands of lines, and few are looked at closely.
 */
function listeningSockets(ports: readonly number[]): readonly Socket[] {
  const lines = ['/proc/net/tcp', '/proc/net/tcp6'].flatMap(
    (file) =>
      readText(file)
        ?.split('\n')
        .filter((line) => line.includes(` ${LISTEN} `)) ?? [],
  );
  return lines.flatMap((line) => {
    const [, local = '', , state, , , , uid = '', , inode = ''] = line.trim().split(/\s+/);
    const port = Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16);
    return state === LISTEN && ports.includes(port) ? [{ port, inode, uid }] : [];
  });
}

/** Inode of a socket -> processes that hold it open, by age. */
function ownersOf(sockets: readonly Socket[]): ReadonlyMap<string, readonly number[]> {
  const owners = new Map<string, number[]>();
  if (sockets.length === 0) return owners;
  const inodes = new Set(sockets.map(({ inode }) => inode));
  for (const { pid } of listProcesses().toSorted((a, b) => a.startTime - b.startTime || a.pid - b.pid)) {
    for (const inode of socketsOf(pid).intersection(inodes)) owners.set(inode, [...(owners.get(inode) ?? []), pid]);
  }
  return owners;
}

function socketsOf(pid: number): ReadonlySet<string> {
  const folder = `/proc/${pid}/fd`;
  const targets = namesIn(folder).map((name) => readTarget(`${folder}/${name}`));
  return new Set(targets.flatMap((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1] ?? []));
}

function namesIn(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

function readTarget(link: string): string {
  try {
    return fs.readlinkSync(link);
  } catch {
    return '';
  }
}

function holderOf({ uid }: Socket, pid: number | undefined): PortHolder {
  if (pid === undefined) return { pid: null, command: `a process of user ${uid}` };
  return { pid, command: commandOf(pid) };
}
