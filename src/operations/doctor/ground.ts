import fs from 'node:fs';
import { PkgError } from '../../error.ts';
import type { Generation, Manifest } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import { gatherServices } from '../facts/gather-services.ts';
import { membersOnDisk } from '../facts/installed.ts';
import { readCurrent } from '../facts/read-current.ts';
import { type LiveService, liveServices } from '../service/live.ts';

/** What a look may know. Of a damaged root less is known, and `pointer` says so. */
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

/** One thing to look at: `fine` is what to say when nothing is found. */
export type Look = {
  readonly fine: string;
  find(ground: Ground): readonly Finding[] | Promise<readonly Finding[]>;
};

/** Reads once what several looks need. */
export async function groundOf(layout: Layout, machine: string): Promise<Ground> {
  const generation = orNull(() => readCurrent(layout));
  const manifests = (await manifestsOf(layout, generation)) ?? [];
  const around = await gatherServices(layout, manifests.length === 0 ? null : generation, manifests);
  const services = manifests.length === 0 ? [] : await liveServices(layout, generation);
  return { layout, generation, manifests, services, around, machine };
}

/** The text of a file of the machine; '' where there is none or it is not for us. */
export function textAt(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Every file below a folder of the machine, links to files as well; none where it cannot be read. */
export function filesBelow(folder: string): readonly string[] {
  try {
    return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
      return entry.isDirectory() ? [] : [`${entry.parentPath}/${entry.name}`];
    });
  } catch {
    return [];
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
