import { bundleTitle, compareVersions, type Direction, inRange, type UpgradeEntry } from '../../model/index.ts';
import type { Member } from '../member.ts';
import { classHere, classOfEntry, defaultClass, weigh } from './class.ts';
import { formatOnDisk, migratesData, whyUnreadable } from './data.ts';
import { type Ground, type Hop, type Rejected, rejected } from './hop.ts';

/** The best single hop between two versions while the data is in `format`, or every reason why there is none. */
export function edgeBetween(
  from: Member,
  to: Member,
  ground: Ground,
  format: number | null = formatOnDisk(from, ground),
): Hop | readonly Rejected[] {
  const hops = hopsBetween(from, to);
  const reasons = hops.map((hop) => whyNot(hop, { from, to, ground, format }));
  const open = hops.filter((_, at) => reasons[at] === null);
  const best = open.toSorted((a, b) => weigh(classHere(a, ground)) - weigh(classHere(b, ground)))[0];
  return best ?? reasons.flatMap((why) => (why === null ? [] : [rejected(from, to, why)]));
}

/** Whether there is a hop. */
export function isHop(edge: Hop | readonly Rejected[]): edge is Hop {
  return 'direction' in edge;
}

/** Up, down, or a rebuild of the same version. */
export function directionBetween(from: string, to: string): Direction {
  const order = compareVersions(from, to);
  if (order === 0) return 'rebuild';
  return order < 0 ? 'up' : 'down';
}

/** Every declared way in the order it is written; the default only where none is declared. */
function hopsBetween(from: Member, to: Member): readonly Hop[] {
  const direction = directionBetween(from.id.version, to.id.version);
  const newer = direction === 'down' ? from : to;
  const common = { name: to.id.name, from, to, direction };
  const entries = entriesFor(from, to, direction);
  if (entries.length > 0) {
    const describedBy = direction === 'down' ? 'from' : 'to';
    return entries.map((entry) => ({ ...common, class: classOfEntry(entry, newer), entry, describedBy }));
  }
  const byDefault = defaultClass(newer.manifest, direction);
  const describedBy = byDefault === 'through-base' ? 'base' : 'default';
  return [{ ...common, class: byDefault, entry: null, describedBy }];
}

/** The newer of the two declares both directions, because only it knows what it changed. */
function entriesFor(from: Member, to: Member, direction: Direction): readonly UpgradeEntry[] {
  if (direction === 'up') return (to.manifest.upgrade?.up ?? []).filter((entry) => covers(entry.from, from));
  if (direction === 'down') return (from.manifest.upgrade?.down ?? []).filter((entry) => covers(entry.to, to));
  return [];
}

function covers(range: string | undefined, { id }: Member): boolean {
  return range !== undefined && inRange(id.version, range);
}

type Trip = { readonly from: Member; readonly to: Member; readonly ground: Ground; readonly format: number | null };

function whyNot(hop: Hop, { from, to, ground, format }: Trip): string | null {
  if (ground.acceptDataLoss?.includes(hop.name) !== true) {
    if (hop.direction === 'down' && from.manifest.monotonic === true) return `${hop.name} may only go forward`;
    const unreadable = hop.entry !== null && migratesData(hop.entry) ? null : whyUnreadable(to.manifest, format);
    if (unreadable !== null) return `${bundleTitle(to.id)} ${unreadable}`;
  }
  if (ground.limit === undefined || ground.limit === null) return null;
  const here = classHere(hop, ground);
  if (weigh(here) <= weigh(ground.limit)) return null;
  return `${here} disturbs more than --max-class ${ground.limit} allows`;
}
