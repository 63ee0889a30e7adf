import fs from 'node:fs';
import path from 'node:path';
import { readJson, syncFolder, writeDurably } from '../system/index.ts';
import { readMaintenance, removeEmptyMarks, writeMaintenance } from './maintenance-mark.ts';

/** When maintenance begins and ends by itself; ISO, on full minutes. */
export type PlannedTime = {
  readonly from: string;
  readonly until: string;
  readonly message: string | null;
  readonly paths: readonly string[];
  /** One time of a recurring maintenance. */
  readonly again?: true;
};

/** The planned times in a folder of marks, as `writePlanned` was given them. */
export function readPlanned(folder: string): readonly PlannedTime[] | 'damaged' {
  const times = readJson(path.join(folder, 'planned.json'));
  if (times === 'absent') return [];
  return Array.isArray(times) ? times : 'damaged';
}

/**
 * Writes what a proxy needs to begin and end by itself: for every minute a link named as the proxy formats that
 * minute, to a folder with page and marks. A link appears after its target.
 */
export function writePlanned(folder: string, times: readonly PlannedTime[]): void {
  const links = path.join(folder, 'planned');
  const minutes = minutesPlanned(times);
  const shown = new Map([...minutes.values()].map((time) => [folderName(time), time]));
  if (times.length > 0) fs.mkdirSync(links, { recursive: true });
  for (const [name, time] of shown) writeTime(path.join(folder, 'times', name), time);
  const names = new Map(
    [...minutes].map(([minute, time]) => [minuteName(new Date(minute * MINUTE)), folderName(time)]),
  );
  for (const [name, to] of names) putLink(path.join(links, name), `../times/${to}`);
  removeAllBut(links, new Set(names.keys()));
  removeAllBut(path.join(folder, 'times'), new Set(shown.keys()));
  if (times.length > 0) return writeDurably(path.join(folder, 'planned.json'), `${JSON.stringify(times)}\n`);
  fs.rmSync(path.join(folder, 'planned.json'), { force: true });
  removeEmptyMarks(folder);
}

/** Every minute that is planned, counted since 1970, with what is to be shown in it; times that overlap are one there. */
export function minutesPlanned(times: readonly PlannedTime[]): ReadonlyMap<number, PlannedTime> {
  const minutes = new Map<number, PlannedTime>();
  for (const time of times) {
    const first = Math.floor(Date.parse(time.from) / MINUTE);
    for (let minute = first; minute < first + minutesIn(time); minute++) {
      const other = minutes.get(minute);
      minutes.set(minute, other === undefined ? time : together(other, time));
    }
  }
  return minutes;
}

/** How many minutes a time has. */
export function minutesIn({ from, until }: Pick<PlannedTime, 'from' | 'until'>): number {
  return Math.ceil((Date.parse(until) - Date.parse(from)) / MINUTE);
}

const MINUTE = 60_000;

/** `2026-11-22T03:00+01:00`, as nginx has it in `$time_iso8601` on this machine. */
export function minuteName(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offset * MINUTE).toISOString().slice(0, 16);
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `${local}${offset < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
}

/** If two times overlap, visitors are told the later end. */
function together(one: PlannedTime, other: PlannedTime): PlannedTime {
  const isWhole = one.paths.length === 0 || other.paths.length === 0;
  return {
    from: one.from < other.from ? one.from : other.from,
    until: one.until > other.until ? one.until : other.until,
    message: one.message ?? other.message,
    paths: isWhole ? [] : [...new Set([...one.paths, ...other.paths])].toSorted(),
  };
}

function folderName({ from, until, paths }: PlannedTime): string {
  return `${from.slice(0, 16)}Z_${until.slice(0, 16)}Z${paths.join('~').replaceAll('/', '~').slice(0, 150)}`;
}

function writeTime(folder: string, { from, until, message, paths }: PlannedTime): void {
  const standing = readMaintenance(folder);
  // Each is a handful of durable writes, and most of them are already there from the last time.
  if (standing !== null && standing.message === message && standing.paths.join() === paths.join()) return;
  writeMaintenance(folder, { since: from, until, message, paths, by: 'plan' });
}

function putLink(link: string, to: string): void {
  if (fs.lstatSync(link, { throwIfNoEntry: false }) !== undefined) {
    if (fs.readlinkSync(link) === to) return;
    fs.rmSync(link);
  }
  fs.symlinkSync(to, link);
}

function removeAllBut(folder: string, names: ReadonlySet<string>): void {
  if (!fs.existsSync(folder)) return;
  const standing = fs.readdirSync(folder);
  for (const name of standing) {
    if (!names.has(name)) fs.rmSync(path.join(folder, name), { recursive: true, force: true });
  }
  if (names.size === 0) fs.rmdirSync(folder);
  else syncFolder(folder);
}
