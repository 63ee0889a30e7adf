import type { Step } from '../../../model/index.ts';
import { dataMoves } from '../../data-moves.ts';
import type { Hop } from '../../paths/hop.ts';
import type { Leg } from '../leg.ts';

/** Records the format of the data after the switch to a version that writes another one. */
export function noteFormat(leg: Leg, { name, from, to }: Hop): readonly Step[] {
  const writes = to?.manifest.data?.writes;
  if (writes === undefined) return [];
  const { dataFormats } = leg.facts;
  const inherited = dataMoves(leg).find((move) => move.to.id.name === name)?.from.id.name;
  const onDisk = dataFormats.get(inherited ?? name) ?? from?.manifest.data?.writes ?? null;
  if (writes === onDisk) return [];
  return [
    {
      kind: 'note-data-format',
      phase: 'migrate-after',
      bundle: name,
      from: onDisk,
      to: writes,
      summary: `the data of ${name} has format ${writes} from now on`,
      undo: onDisk === null ? 'forget it' : `format ${onDisk} again`,
    },
  ];
}
