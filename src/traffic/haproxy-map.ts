import fs from 'node:fs';
import path from 'node:path';
import { readText, writeDurably } from '../system/index.ts';
import { askHaproxy } from './haproxy-socket.ts';
import { type Maintenance, readMaintenance } from './maintenance-mark.ts';
import { latePage, maintenanceJson, maintenancePage } from './maintenance-page.ts';
import { minutesPlanned, type PlannedTime, readPlanned } from './planned-times.ts';

/** The map that HAProxy looks into with each request, and the socket by which a running one hears of it. */
export type HaproxyMap = { readonly file: string; readonly socket: string | null };

/** The map of a folder of marks; null where no HAProxy was ever to be told. */
function haproxyMapOf(folder: string): HaproxyMap | null {
  const file = mapFile(folder);
  const [first = ''] = (readText(file) ?? '').split('\n');
  const socket = /^# socket: (.+)$/.exec(first)?.[1];
  return first === '' ? null : { file, socket: socket === 'none' ? null : (socket ?? null) };
}

/** Writes the map for a HAProxy that starts later; it has to be there before one can use it. */
export function writeHaproxyMap(folder: string, socket: string | null): HaproxyMap {
  const file = mapFile(folder);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  writeDurably(file, `# socket: ${socket ?? 'none'}\n${mapLines(folder).join('\n')}\n`);
  return { file, socket };
}

/**
 * Writes the map anew and tells a running HAProxy, where there is one to be told; answers what went wrong. It is
 * no failure: a HAProxy that cannot be asked reads the map when it starts.
 */
export async function refreshHaproxy(folder: string): Promise<string | null> {
  const map = haproxyMapOf(folder);
  if (map === null) return null;
  writeHaproxyMap(folder, map.socket);
  try {
    await tellHaproxy(folder, map);
    return null;
  } catch (error) {
    return `HAProxy was not told, and reads ${map.file} when it starts: ${(error as Error).message}`;
  }
}

/** Has a running HAProxy take over the map, all of it at once. */
async function tellHaproxy(folder: string, { file, socket }: HaproxyMap): Promise<void> {
  if (socket === null) return;
  const prepared = await askHaproxy(socket, `prepare map ${file}`);
  const version = /New version created: (\d+)/.exec(prepared)?.[1];
  if (version === undefined) throw new Error(prepared || `HAProxy does not know the map ${file}`);
  for (const lines of inPieces(mapLines(folder))) {
    const said = await askHaproxy(socket, `add map @${version} ${file} <<\n${lines.join('\n')}\n`);
    if (said !== '') throw new Error(said);
  }
  const said = await askHaproxy(socket, `commit map @${version} ${file}`);
  if (said !== '') throw new Error(said);
}

function mapFile(folder: string): string {
  return `${folder}.map`;
}

/** `all`, a path, or one of them behind the number of a minute, to the name of a page; its texts by that name. */
function mapLines(folder: string): readonly string[] {
  const up = readMaintenance(folder);
  const planned = readPlanned(folder);
  return [
    ...(up === null ? [] : [...keysOf(up.paths).map((key) => `${key} now`), ...pageLines('now', up)]),
    ...plannedLines(planned === 'damaged' ? [] : planned),
  ];
}

function plannedLines(times: readonly PlannedTime[]): readonly string[] {
  const minutes = [...minutesPlanned(times)].filter(([minute]) => (minute + 1) * 60_000 > Date.now());
  // What overlaps is an object of its own in every minute, and mostly the same.
  const shown = new Map(minutes.map(([, time]) => [JSON.stringify(time), time]));
  const names = new Map([...shown.keys()].map((key, at) => [key, `plan${at}`]));
  const nameOf = (time: PlannedTime): string => names.get(JSON.stringify(time)) ?? '';
  return [
    ...minutes.flatMap(([minute, time]) => keysOf(time.paths).map((key) => `${minute}:${key} ${nameOf(time)}`)),
    ...[...shown.values()].flatMap((time) => pageLines(nameOf(time), { ...time, since: time.from, by: 'plan' })),
  ];
}

function keysOf(paths: readonly string[]): readonly string[] {
  return paths.length === 0 ? ['all'] : paths;
}

function pageLines(name: string, maintenance: Maintenance): readonly string[] {
  const { until } = maintenance;
  return [
    ...(until === null ? [] : [`${name}:until ${Math.floor(Date.parse(until) / 1000)}`]),
    `${name}:html ${inOneLine(maintenancePage(maintenance))}`,
    `${name}:json ${inOneLine(maintenanceJson(maintenance, false))}`,
    `${name}:late:html ${inOneLine(latePage(maintenance))}`,
    `${name}:late:json ${inOneLine(maintenanceJson(maintenance, true))}`,
  ];
}

function inOneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ');
}

/** HAProxy takes no more than 16 KiB at once. */
function inPieces(lines: readonly string[]): readonly (readonly string[])[] {
  const pieces: string[][] = [];
  let room = 0;
  for (const line of lines) {
    room -= Buffer.byteLength(line) + 1;
    if (room < 0) {
      pieces.push([]);
      room = 8_000 - Buffer.byteLength(line);
    }
    pieces.at(-1)?.push(line);
  }
  return pieces;
}
