import { bundleTitle, type Cause } from '../../model/index.ts';
import { byName, type Member } from '../member.ts';
import { namesOf } from './index-providers.ts';

/** Why a bundle is installed: asked for, needed by others, or both; the others have their own reasons. */
export type Why = {
  readonly name: string;
  readonly version: string;
  readonly explicit: boolean;
  readonly neededBy: readonly { readonly as: string; readonly range: string; readonly by: Why }[];
};

/** The tree of who needs a member, or null when there is no such member; each bundle is explained once. */
export function explainWhy(name: string, members: readonly Member[]): Why | null {
  const member = members.find((candidate) => candidate.id.name === name);
  return member === undefined ? null : why(member, byName(members), new Set());
}

/** The same tree as causes of a refusal: `mod_perl 1.26.0 needs perl <5.8`. */
export function neededByCauses(tree: Why): readonly Cause[] {
  return tree.neededBy.map(({ as, range, by }) => {
    const causes = neededByCauses(by);
    const message = `${bundleTitle(by)} needs ${range === '*' ? as : `${as} ${range}`}`;
    return causes.length === 0 ? { message } : { message, causes };
  });
}

function why(member: Member, members: readonly Member[], seen: Set<string>): Why {
  const { name, version } = member.id;
  const isRepeated = seen.has(name);
  seen.add(name);
  const neededBy = isRepeated
    ? []
    : members.flatMap((other) =>
        needs(other, member).map(([as, range]) => ({ as, range, by: why(other, members, seen) })),
      );
  return { name, version, explicit: member.explicit, neededBy };
}

/** The entry in `depends` of another member that this one satisfies. */
function needs(other: Member, member: Member): readonly (readonly [string, string])[] {
  if (other.id.name === member.id.name) return [];
  const answersTo = new Set(namesOf(member).map(([name]) => name));
  return Object.entries(other.manifest.depends ?? {}).filter(([as]) => answersTo.has(as));
}
