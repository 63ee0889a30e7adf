import { bundleTitle, type Step } from '../model/index.ts';
import type { Entering, Proposal } from './proposal.ts';

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
  return [...placed, ...proposal.entering.flatMap((one) => writeConfig(one, proposal))];
}

/** The same merge once more, right before the switch: what was edited while the change was prepared is not left behind. */
export function stepsForRemerge(proposal: Proposal): readonly Step[] {
  return proposal.entering
    .flatMap((one) => writeConfig(one, proposal))
    .filter((step) => step.kind === 'write-config' && step.previous !== null)
    .map((step) => ({ ...step, phase: 'switch', summary: `${step.summary}, as edited by now` }));
}

/** Which revision each member uses in the new generation: a new one where the bundle changes, else the one it has. */
export function configOf({ members, entering, facts }: Proposal): Readonly<Record<string, string>> {
  const isEntering = new Set(entering.map(({ member }) => member.id.name));
  const revisions = members.flatMap(({ id, manifest }): readonly (readonly [string, string])[] => {
    if ((manifest.config ?? []).length === 0) return [];
    const revision = isEntering.has(id.name) ? String(facts.nextGeneration) : facts.current?.config[id.name];
    return revision === undefined ? [] : [[id.name, revision]];
  });
  return Object.fromEntries(revisions.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function writeConfig({ member, before, replaced }: Entering, { request, facts, target }: Proposal): readonly Step[] {
  if ((member.manifest.config ?? []).length === 0) return [];
  const old = before ?? replaced;
  const edited = old === null ? undefined : facts.current?.config[old.id.name];
  const restored = facts.generations.find(({ generation }) => generation.number === target.restores)?.generation.config[
    member.id.name
  ];
  return [
    {
      kind: 'write-config',
      phase: 'stage',
      bundle: member.id,
      revision: String(facts.nextGeneration),
      previous: old === null || edited === undefined ? null : { bundle: old.id, revision: edited },
      ...(restored === undefined ? {} : { restored }),
      exact: request.kind === 'rollback' && request.exact,
      policy: request.config,
      summary: `${edited === undefined ? 'write' : 'merge'} the configuration of ${bundleTitle(member.id)}`,
      undo: 'remove the new revision again',
    },
  ];
}
