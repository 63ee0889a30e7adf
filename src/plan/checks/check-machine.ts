import { bundleTitle, type Cause, inRange } from '../../model/index.ts';
import type { Member } from '../member.ts';
import type { Proposal } from '../proposal.ts';
import { refuse } from '../target.ts';
import type { Check } from './check.ts';

/** Refuses bundles made for another operating system or processor. */
export const checkPlatform: Check = ({ entering, facts }) => {
  const { os, cpu } = facts.platform;
  const causes = entering
    .filter(({ member: { manifest } }) => !allows(manifest.platform?.os, os) || !allows(manifest.platform?.cpu, cpu))
    .map(({ member }) => ({
      message: `${bundleTitle(member.id)} is for ${madeFor(member)}, this machine is ${os} ${cpu}`,
    }));
  return causes.length === 0 ? null : refuse('platform', causes, 'build it for this machine');
};

/** Refuses bundles whose host software is missing; a rollback goes on with a note. */
export const checkHost: Check = (proposal) => {
  const causes = hostProblems(proposal);
  if (causes.length === 0 || proposal.request.kind === 'rollback') return null;
  return refuse('host', causes, 'install it with the tool of the distribution, then try again');
};

/** The host software that new bundles lack on this machine: `web 1.0.0 needs nginx >=1.20 on this machine, but it is 1.18.0`. */
export function hostProblems({ entering, facts }: Proposal): readonly Cause[] {
  return entering.flatMap(({ member }) =>
    Object.entries(member.manifest.host ?? {}).flatMap(([name, { range }]) => {
      const found = facts.host.get(name) ?? { present: false, version: null };
      const needs = `${bundleTitle(member.id)} needs ${range === undefined ? name : `${name} ${range}`} on this machine`;
      if (!found.present) return [{ message: `${needs}, but it is missing` }];
      if (range === undefined || (found.version !== null && inRange(found.version, range))) return [];
      return [
        { message: `${needs}, but it ${found.version === null ? 'does not tell its version' : `is ${found.version}`}` },
      ];
    }),
  );
}

function allows(list: readonly string[] | undefined, value: string): boolean {
  return list === undefined || list.includes(value);
}

function madeFor({ manifest }: Member): string {
  return [manifest.platform?.os, manifest.platform?.cpu].flatMap((list) => list?.join(' or ') ?? []).join(' on ');
}
