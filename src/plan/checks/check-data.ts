import { bundleTitle, type Cause, type Facts } from '../../model/index.ts';
import { formatOnDisk, readableFormats } from '../paths/data.ts';
import { findWay } from '../paths/way.ts';
import type { Entering, Proposal } from '../proposal.ts';
import { refuse } from '../target.ts';
import type { Check } from './check.ts';

/** Refuses versions that may not go down, or that cannot read the data on disk, unless the loss is accepted by name. */
export const checkData: Check = ({ request, entering, facts }) => {
  const atRisk = entering.filter(({ change }) => !request.overrides.acceptDataLoss.includes(change.name));
  const causes = atRisk.flatMap((one) => lossesOf(one, facts));
  if (causes.length === 0) return null;
  return refuse('data-loss', causes, `go forward instead, or accept the loss: ${acceptance(atRisk, facts).join(' ')}`);
};

/** The losses that were accepted by name. */
export function acceptedLosses({
  request,
  entering,
  facts,
}: Pick<Proposal, 'request' | 'entering' | 'facts'>): readonly Cause[] {
  const accepted = entering.filter(({ change }) => request.overrides.acceptDataLoss.includes(change.name));
  return accepted.flatMap((one) => lossesOf(one, facts));
}

/** The options that accept what these changes would lose. */
export function acceptance(entering: readonly Entering[], facts: Facts): readonly string[] {
  const losing = entering.filter((one) => lossesOf(one, facts).length > 0);
  return losing.map(({ change }) => `--accept-data-loss ${change.name}`);
}

function lossesOf(one: Entering, facts: Facts): readonly Cause[] {
  return [...goesDown(one), ...cannotRead(one, facts)];
}

function goesDown({ member, before, change }: Entering): readonly Cause[] {
  if (change.direction !== 'down' || before?.manifest.monotonic !== true) return [];
  return [
    {
      message: `${bundleTitle(member.id)} is lower than the installed ${before.id.version}, and ${change.name} may only go forward`,
    },
  ];
}

/** A migration on the way, or a version in between that can read the data, solves this. */
function cannotRead({ member, before, replaced }: Entering, facts: Facts): readonly Cause[] {
  const old = before ?? replaced;
  // A bundle that was removed has left its data behind.
  const onDisk = old === null ? (facts.dataFormats.get(member.id.name) ?? null) : formatOnDisk(old, facts);
  const readable = readableFormats(member.manifest);
  if (onDisk === null || readable === null || readable.includes(onDisk)) return [];
  const ground = { ...facts, limit: null, acceptDataLoss: [] };
  if (before !== null && findWay(before, member, ground).hops.length > 0) return [];
  const reads = `${bundleTitle(member.id)} reads data format ${readable.join(' and ')}`;
  const found =
    old === null ? `data of format ${onDisk} was left behind` : `${bundleTitle(old.id)} has written format ${onDisk}`;
  return [{ message: `${reads}, but ${found}` }];
}
