import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../../error.ts';
import type { Generation, Manifest } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import { gatherServices } from '../facts/gather-services.ts';
import { membersOnDisk } from '../facts/installed.ts';
import { readCurrent } from '../facts/read-current.ts';
import { type LiveService, liveServices } from '../service/live.ts';

/** What an examination may use. Less is known of a damaged root, and `pointer` reports that. */
export type Ground = {
  readonly layout: Layout;
  readonly generation: Generation | null;
  readonly manifests: readonly Manifest[];
  readonly services: readonly LiveService[];
  readonly around: Pick<Awaited<ReturnType<typeof gatherServices>>, 'listeners' | 'unusableManagers' | 'foreignUnits'>;
  /** The top of the machine's own file system. */
  readonly machine: string;
};

/** Something wrong, and one thing to do about it. */
export type Finding = { readonly message: string; readonly fix: string };

/** One examination; `fine` is the message if nothing is wrong. */
export type Look = {
  readonly fine: string;
  find(ground: Ground): readonly Finding[] | Promise<readonly Finding[]>;
};

/** Reads once what several examinations need. */
export async function groundOf(layout: Layout, machine: string): Promise<Ground> {
  const generation = orNull(() => readCurrent(layout));
  const manifests = (await manifestsOf(layout, generation)) ?? [];
  const around = await gatherServices(layout, manifests.length === 0 ? null : generation, manifests);
  const services = manifests.length === 0 ? [] : await liveServices(layout, generation);
  return { layout, generation, manifests, services, around, machine };
}

/** The text of a file of the machine; '' if there is none or we may not read it. */
export function textAt(file: string): string {
  // Reading a pipe would wait for its writer.
  return orNothing(() => (fs.statSync(file).isFile() ? fs.readFileSync(file, 'utf8') : ''), '');
}

/** Every file below a folder of the machine, and every link to one; a folder is entered only once. */
export function filesBelow(folder: string): readonly string[] {
  const found: string[] = [];
  const corners = [folder];
  const seen = new Set<string>();
  for (const corner of corners) {
    const real = orNothing(() => fs.realpathSync(corner), corner);
    // Links may lead in circles.
    if (seen.has(real)) continue;
    seen.add(real);
    for (const name of orNothing(() => fs.readdirSync(corner), [])) {
      const place = path.join(corner, name);
      const isFolder = orNothing(() => fs.statSync(place).isDirectory(), false);
      (isFolder ? corners : found).push(place);
    }
  }
  return found;
}

/** The answer of `read`, or `nothing` if something is missing or not readable for us. */
function orNothing<T>(read: () => T, nothing: T): T {
  try {
    return read();
  } catch {
    return nothing;
  }
}

async function manifestsOf(layout: Layout, generation: Generation | null): Promise<readonly Manifest[] | null> {
  try {
    return (await membersOnDisk({ layout, generation })).map(({ manifest }) => manifest);
  } catch (error) {
    if (error instanceof PkgError) return null;
    throw error;
  }
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof PkgError) return null;
    throw error;
  }
}
