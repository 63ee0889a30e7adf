import path from 'node:path';
import { PkgError } from '../../error.ts';
import type { Generation, ServiceAt } from '../../model/index.ts';
import { allNeeded, dependencyEdges, type Member } from '../../plan/index.ts';
import { damageOfUnitFile, placeUnits, type Unit, unitManagerOf } from '../../service/index.ts';
import { unitsOf } from '../../steps/index.ts';
import { type Layout, settingsChange } from '../../store/index.ts';
import { membersOnDisk } from '../facts/installed.ts';
import type { Session } from '../session.ts';
import type { Found } from './find-damage.ts';
import type { Unrepaired } from './repair-bundle.ts';

/** Who would write the units; for looking at them it does not matter. */
export type Writer = Pick<Session, 'home' | 'node' | 'program'>;

/** Units of the live generation that are missing, not files, or not as they were made. Its bundles must be whole. */
export async function damagedUnits(layout: Layout, generation: Generation, writer: Writer): Promise<readonly Found[]> {
  const units = await unitsIn(layout, generation, writer);
  return units.flatMap((unit) =>
    unit.files.flatMap((file): readonly Found[] => {
      const change = damageOfUnitFile(unit, file);
      return change === null ? [] : [{ bundle: null, path: shown(file.path, layout), change }];
    }),
  );
}

/** Writes them again as the bundles declare them, except units of others. Starts and stops nothing. */
export async function repairUnits(
  layout: Layout,
  generation: Generation,
  session: Session,
): Promise<readonly Unrepaired[]> {
  if ((await damagedUnits(layout, generation, session)).length === 0) return [];
  try {
    await placeUnits(await unitsIn(layout, generation, session));
    return [];
  } catch (error) {
    if (!(error instanceof PkgError)) throw error;
    return [{ message: error.message, hint: error.hint ?? 'pkg doctor' }];
  }
}

async function unitsIn(layout: Layout, generation: Generation, writer: Writer): Promise<readonly Unit[]> {
  const members = withKnownUnits(await membersOnDisk({ layout, generation }), layout, generation);
  const services = members.flatMap(({ id, manifest }) =>
    Object.entries(manifest.services ?? {})
      .filter(([, service]) => unitManagerOf(service) !== null)
      .map(([service]): ServiceAt => {
        return { name: { bundle: id.name, service }, bundle: id, generation: generation.number };
      }),
  );
  return services.length === 0 ? [] : unitsOf(services, { ...QUIET, ...writer, layout });
}

/** All but those that settings which are lost go into: theirs, or those of a dependency. The loss itself is named. */
function withKnownUnits(members: readonly Member[], layout: Layout, generation: Generation): readonly Member[] {
  if (settingsChange(layout, generation) === null) return members;
  const edges = dependencyEdges(members);
  const isLost = (name: string): boolean => generation.settings?.[name] !== undefined;
  return members.filter(({ id }) => ![id.name, ...allNeeded(id.name, edges)].some(isLost));
}

const QUIET = {
  transaction: 0,
  tell: () => {},
  givenUp: [],
  interruptHooks: () => new AbortController().signal,
};

/** A path outside the root stays absolute. */
function shown(file: string, { root }: Layout): string {
  return file.startsWith(`${root}/`) ? path.relative(root, file) : file;
}
