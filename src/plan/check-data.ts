import { bundleTitle, type Cause } from '../model/index.ts';
import type { Check } from './check.ts';
import type { Entering } from './proposal.ts';
import { refuse } from './target.ts';

/** Refuses versions that may not go down, or cannot read what lies on disk, unless the loss is accepted by name. */
export const checkData: Check = ({ request, entering }) => {
  const atRisk = entering.filter(({ change }) => !request.overrides.acceptDataLoss.includes(change.name));
  const causes = atRisk.flatMap((one) => [...goesDown(one), ...cannotRead(one)]);
  if (causes.length === 0) return null;
  const names = atRisk
    .filter((one) => goesDown(one).length + cannotRead(one).length > 0)
    .map(({ change }) => change.name);
  const accept = names.map((name) => `--accept-data-loss ${name}`).join(' ');
  return refuse('data-loss', causes, `go forward instead, or accept the loss: ${accept}`);
};

function goesDown({ member, before, change }: Entering): readonly Cause[] {
  if (change.direction !== 'down' || before?.manifest.monotonic !== true) return [];
  return [
    {
      message: `${bundleTitle(member.id)} is lower than the installed ${before.id.version}, and ${change.name} may only go forward`,
    },
  ];
}

function cannotRead({ member, before, replaced }: Entering): readonly Cause[] {
  const old = before ?? replaced;
  const onDisk = old?.manifest.data?.writes;
  const { reads, writes } = member.manifest.data ?? {};
  const readable = reads ?? (writes === undefined ? undefined : [writes]);
  if (old === null || onDisk === undefined || readable === undefined || readable.includes(onDisk)) return [];
  return [
    {
      message: `${bundleTitle(member.id)} reads data format ${readable.join(' and ')}, but ${bundleTitle(old.id)} has written format ${onDisk}`,
    },
  ];
}
