import { type BundleId, compareVersions, type Facts, inRange, type KnownBundle } from '../../model/index.ts';
import { compareText } from '../member.ts';

/** Every known bundle of a name, newest first; of equal versions the offered, then the installed one. */
export function findBundles(name: string, facts: Facts): readonly KnownBundle[] {
  return [...facts.known.values()]
    .filter((bundle) => bundle.id.name === name)
    .toSorted((a, b) => compareVersions(b.id.version, a.id.version) || preferKnown(a, b, facts));
}

/** Whether a bundle is what `web@RANGE` asks for: a range, one exact version, or the upstream's own label. */
export function isAskedFor(bundle: KnownBundle, range: string | null): boolean {
  if (range === null || range === bundle.id.version || range === bundle.manifest.label) return true;
  // `1.0.0+2` means one rebuild; as a range it would match any.
  return !/^\d[^\s]*\+/.test(range) && inRange(bundle.id.version, range);
}

/** Whether a pin of this root, if there is one, lets the bundle in. */
export function isInPin(bundle: { readonly id: BundleId }, facts: Pick<Facts, 'pins'>): boolean {
  const pin = facts.pins[bundle.id.name];
  return pin === undefined || pin === bundle.id.version || inRange(bundle.id.version, pin);
}

function preferKnown(a: KnownBundle, b: KnownBundle, facts: Facts): number {
  return rank(a, facts) - rank(b, facts) || compareText(a.id.digest, b.id.digest);
}

function rank(bundle: KnownBundle, facts: Facts): number {
  if (facts.offered.includes(bundle.id.digest)) return 0;
  return facts.current?.bundles.some((installed) => installed.digest === bundle.id.digest) ? 1 : 2;
}
