import { bundleTitle, type Step } from '../../../model/index.ts';
import type { Member } from '../../member.ts';
import type { Proposal } from '../../proposal.ts';

/** Unpacks what is not in the store yet and keeps its archive; then a new configuration revision where one is due. */
export function stepsForStaging(proposal: Proposal): readonly Step[] {
  const placed = proposal.members
    .filter((member) => member.at === 'archive')
    .flatMap(({ id }): readonly Step[] => {
      const common = { phase: 'stage', bundle: id, undo: 'remove it again' } as const;
      return [
        { ...common, kind: 'place-bundle', summary: `unpack ${bundleTitle(id)}` },
        { ...common, kind: 'keep-archive', summary: `keep the archive of ${bundleTitle(id)}` },
      ];
    });
  return [...placed, ...newRevisions(proposal)];
}

/**
 * The same merge again, right before the switch, so that edits made during the preparation are not left behind,
 * and users that hooks have created get their files.
 */
export function stepsForRemerge(proposal: Proposal): readonly Step[] {
  return newRevisions(proposal)
    .filter((step) => step.previous !== null || hasOwners(step, proposal))
    .map((step) => ({ ...step, phase: 'switch', summary: remergeInWords(step) }));
}

/** Its summary names what it adds, because the merge itself was already shown further up. */
function remergeInWords({ bundle, previous }: WriteConfig): string {
  const title = `the configuration of ${bundleTitle(bundle)}`;
  return previous === null ? `give ${title} to its owners` : `take along what was edited meanwhile in ${title}`;
}

function hasOwners({ bundle }: WriteConfig, { members }: Proposal): boolean {
  const declared = members.find(({ id }) => id.digest === bundle.digest)?.manifest.config ?? [];
  return declared.some(({ owner }) => owner !== undefined);
}

/** Which revision each member uses in the new generation: a new one where the bundle changes, else the one it has. */
export function configOf(proposal: Proposal): Readonly<Record<string, string>> {
  const { members, facts } = proposal;
  const renewed = new Set(newRevisions(proposal).map(({ bundle }) => bundle.name));
  const revisions = members.flatMap(({ id }): readonly (readonly [string, string])[] => {
    const revision = renewed.has(id.name) ? String(facts.nextGeneration) : facts.current?.config[id.name];
    return revision === undefined ? [] : [[id.name, revision]];
  });
  return Object.fromEntries(revisions.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

type WriteConfig = Step & { readonly kind: 'write-config' };

/** For every new bundle, and for those whose settings change. */
function newRevisions(proposal: Proposal): readonly WriteConfig[] {
  const { entering, reconfigured } = proposal;
  return [
    ...entering.flatMap(({ member, before, replaced }) => writeConfig(member, before ?? replaced, proposal)),
    ...reconfigured.flatMap((member) => writeConfig(member, member, proposal)),
  ];
}

function writeConfig(member: Member, old: Member | null, { request, facts, target }: Proposal): readonly WriteConfig[] {
  const edited = old === null ? undefined : facts.current?.config[old.id.name];
  // What the last version shipped as configuration may have been edited, even when this one ships none.
  if ((member.manifest.config ?? []).length === 0 && edited === undefined) return [];
  const restored = facts.generations.find(({ generation }) => generation.number === target.restores)?.generation.config[
    member.id.name
  ];
  const since = restored === undefined ? [] : revisionsSince(restored, member, facts).filter((one) => one !== edited);
  return [
    {
      kind: 'write-config',
      phase: 'stage',
      bundle: member.id,
      revision: String(facts.nextGeneration),
      previous: old === null || edited === undefined ? null : { bundle: old.id, revision: edited },
      ...(restored === undefined ? {} : { restored }),
      ...(since.length === 0 ? {} : { since }),
      exact: request.kind === 'rollback' && request.exact,
      policy: request.config,
      summary: `${edited === undefined ? 'write' : 'merge'} the configuration of ${bundleTitle(member.id)}`,
      undo: 'remove the new revision again',
    },
  ];
}

/** Revisions are named by the generation they were made for. */
function revisionsSince(restored: string, { id }: Member, { generations }: Proposal['facts']): readonly string[] {
  const all = generations.flatMap(({ generation }) => generation.config[id.name] ?? []);
  return [...new Set(all)].filter((one) => Number(one) > Number(restored)).toSorted((a, b) => Number(a) - Number(b));
}
