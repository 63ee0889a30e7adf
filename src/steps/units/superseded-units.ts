import fs from 'node:fs';
import path from 'node:path';
import type { ServiceAt, ServiceName } from '../../model/index.ts';
import type { Superseded } from '../../service/index.ts';
import { readText, syncFolder, writeDurably } from '../../system/index.ts';
import type { World } from '../world.ts';

/** The units whose place this service took, as they were before; none when it took none. */
export function supersededBy(name: ServiceName, world: World): readonly Superseded[] {
  const text = readText(fileOf(name, world));
  return text === null ? [] : JSON.parse(text);
}

/** Remembers them beside the run record until the service leaves. */
export function rememberSuperseded(name: ServiceName, units: readonly Superseded[], world: World): void {
  const file = fileOf(name, world);
  if (units.length > 0) {
    fs.mkdirSync(world.layout.run, { recursive: true });
    writeDurably(file, `${JSON.stringify(units)}\n`);
  } else if (fs.existsSync(file)) {
    fs.rmSync(file);
    syncFolder(world.layout.run);
  }
}

/** What is remembered of these services now, in their order: a note for the undo. */
export function noteSuperseded(services: readonly ServiceAt[], world: World): Superseded[][] {
  return services.map(({ name }) => [...supersededBy(name, world)]);
}

/** What the note says of the service at `index`; null where nothing was touched yet. */
export function notedSuperseded(note: unknown, index: number): readonly Superseded[] | null {
  return (note as readonly (readonly Superseded[])[] | undefined)?.[index] ?? null;
}

function fileOf(name: ServiceName, { layout }: World): string {
  return path.join(layout.run, `${name.bundle}.${name.service}.superseded`);
}
