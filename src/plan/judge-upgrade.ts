import {
  bundleTitle,
  compareVersions,
  inRange,
  type Manifest,
  type UpgradeClass,
  type UpgradeEntry,
} from '../model/index.ts';

/** Whether one version of a bundle can take the place of another, and how. */
export type Judgement = {
  readonly upgradable: boolean;
  readonly class: UpgradeClass;
  /** The hops from one to the other; empty where nothing has to be done. */
  readonly path: readonly { readonly from: string; readonly to: string; readonly steps: UpgradeEntry['steps'] }[];
  /** Why not. */
  readonly reason: string | null;
};

/** The newer of the two describes both directions, because only it knows what it changed. */
export function judgeUpgrade(from: Manifest | null, to: Manifest): Judgement {
  if (from === null || compareVersions(from.version, to.version) === 0) return yes([]);
  const hop = (entry: UpgradeEntry | undefined) => [{ from: from.version, to: to.version, steps: entry?.steps ?? [] }];
  const unreadable = whyUnreadable(from, to);
  if (unreadable !== null) return no(unreadable);
  if (compareVersions(from.version, to.version) < 0) {
    return yes(hop(to.upgrade?.up?.find((entry) => entry.from !== undefined && inRange(from.version, entry.from))));
  }
  if (from.monotonic === true) return no(`${from.name} may only go forward`);
  const declared = from.upgrade?.down?.find((entry) => entry.to !== undefined && inRange(to.version, entry.to));
  if (declared !== undefined) return yes(hop(declared));
  return no(`${bundleTitle(from)} declares no way down to ${to.version}`);
}

function whyUnreadable(from: Manifest, to: Manifest): string | null {
  const onDisk = from.data?.writes;
  const { reads, writes } = to.data ?? {};
  const readable = reads ?? (writes === undefined ? undefined : [writes]);
  if (onDisk === undefined || readable === undefined || readable.includes(onDisk)) return null;
  return `${bundleTitle(to)} reads data format ${readable.join(' and ')}, but ${bundleTitle(from)} has written format ${onDisk}`;
}

function yes(path: Judgement['path']): Judgement {
  return { upgradable: true, class: 'none', path, reason: null };
}

function no(reason: string): Judgement {
  return { upgradable: false, class: 'none', path: [], reason };
}
