import { type Facts, type Manifest, type UpgradeEntry, upgradeVerb } from '../../model/index.ts';
import type { Member } from '../member.ts';

/** The format of the data while this version is live: as recorded, else what it writes; null if unknown. */
export function formatOnDisk({ id, manifest }: Member, { current, dataFormats }: Live): number | null {
  const recorded = dataFormats.get(id.name);
  const written = manifest.data?.writes;
  const isLive = current?.bundles.some(({ digest }) => digest === id.digest) === true;
  return (isLive ? (recorded ?? written) : (written ?? recorded)) ?? null;
}

type Live = Pick<Facts, 'current' | 'dataFormats'>;

/** The format after the switch to a version, which may write as soon as it runs. */
export function formatAfter(to: Member, format: number | null): number | null {
  return to.manifest.data?.writes ?? format;
}

/** Formats that a version reads; null = it does not say, so it is not judged. */
export function readableFormats({ data }: Manifest): readonly number[] | null {
  return data?.reads ?? (data?.writes === undefined ? null : [data.writes]);
}

/** `reads data format 2, but 1 is on disk`, or null where it can be read. */
export function whyUnreadable(to: Manifest, format: number | null): string | null {
  const readable = readableFormats(to);
  if (format === null || readable === null || readable.includes(format)) return null;
  return `reads data format ${readable.join(' and ')}, but ${format} is on disk`;
}

/** Whether a declared way brings the data into the format of the version it leads to. */
export function migratesData(entry: UpgradeEntry): boolean {
  return entry.steps.some((step) => upgradeVerb(step) === 'migrate');
}
