import fs from 'node:fs';
import {
  isForeign,
  isInPlace,
  isMarked,
  isThere,
  refuseForeign,
  removeUnitFile,
  type Unit,
  type UnitFile,
  type UnitManager,
  writeUnitFile,
} from './unit-files.ts';
import type { UnitKeeper } from './unit-keeper.ts';
import { keeperOf } from './unit-keeper.ts';

/** Units as they were at one moment; a `text` of null is a file that was not there. JSON-safe. */
export type UnitsBefore = readonly {
  readonly manager: UnitManager;
  readonly name: string;
  readonly root: string;
  readonly isEnabled: boolean;
  readonly files: readonly [FileBefore, ...FileBefore[]];
}[];

type FileBefore = { readonly path: string; readonly text: string | null; readonly mode: number };

/** Reads what is there under the names of `units`, so that `putUnitsBack` can bring back exactly this. */
export function lookAtUnits(units: readonly Unit[]): UnitsBefore {
  return units.map(({ manager, name, root, files }) => ({
    manager,
    name,
    root,
    isEnabled: keeperOf(manager).isEnabled(name),
    files: [readBefore(files[0]), ...files.slice(1).map(readBefore)],
  }));
}

function readBefore({ path, mode }: UnitFile): FileBefore {
  return { path, mode, text: fs.existsSync(path) ? fs.readFileSync(path, 'utf8') : null };
}

/** Writes those that are missing or differ, after their manager has verified them. Nothing is started or stopped. */
export async function placeUnits(units: readonly Unit[]): Promise<void> {
  refuseForeign(units);
  for (const [keeper, own] of byKeeper(units)) {
    const changed = own.filter((unit) => !isInPlace(unit));
    if (changed.length > 0) await keeper.verify(changed);
    const fresh = changed.filter((unit) => !isThere(unit));
    // The file that says whose they are comes last: with it, the others are there.
    for (const unit of changed) for (const file of unit.files.toReversed()) writeUnitFile(file);
    await keeper.readAgain(own.map(({ name }) => name));
    for (const { name, isEnabled } of fresh) await keeper.enable(name, isEnabled);
  }
}

/** Takes away those that this root has made; others of the same name stay. */
export async function takeUnits(units: readonly Unit[]): Promise<void> {
  for (const [keeper, own] of byKeeper(units.filter((unit) => !isForeign(unit)))) {
    for (const { name, files } of own) {
      await keeper.forget(name);
      for (const { path } of files) removeUnitFile(path);
    }
    await keeper.readAgain([]);
  }
}

/** Brings back every file and whether it comes up after a boot, as `lookAtUnits` has seen them. */
export async function putUnitsBack(before: UnitsBefore): Promise<void> {
  for (const [keeper, own] of byKeeper(before.filter((unit) => !isSomebodyElses(unit)))) {
    const there = own.filter(({ files: [main] }) => main.text !== null);
    for (const unit of own) {
      if (!there.includes(unit)) await keeper.forget(unit.name);
      for (const { path, mode, text } of unit.files) {
        writeUnitFile({ path, mode, text });
      }
    }
    await keeper.readAgain(there.map(({ name }) => name));
    for (const { name, isEnabled } of there)
      if (keeper.isEnabled(name) !== isEnabled) await keeper.enable(name, isEnabled);
  }
}

/** It was not touched then, or it came meanwhile. */
function isSomebodyElses(unit: UnitsBefore[number]): boolean {
  const { text } = unit.files[0];
  return (text !== null && !isMarked(text, unit.root)) || isForeign(unit);
}

function byKeeper<U extends { readonly manager: UnitManager }>(
  units: readonly U[],
): readonly (readonly [UnitKeeper, readonly U[]])[] {
  return [...Map.groupBy(units, ({ manager }) => manager)].map(([manager, own]) => [keeperOf(manager), own]);
}
