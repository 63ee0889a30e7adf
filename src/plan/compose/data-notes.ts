import type { Facts } from '../../model/index.ts';
import { replaces } from '../choose/search-members.ts';
import { dataLeft, dataMoves } from '../data-moves.ts';
import type { Described } from '../member.ts';
import type { Proposal } from '../proposal.ts';

/** Which data is taken over under which name, and which stays although its bundle is replaced. */
export function dataNotes(proposal: Proposal): readonly string[] {
  const place = placeIn(proposal);
  return [
    ...dataMoves(proposal).map(
      ({ from, to }) => `the data in ${place(from)} becomes that of ${to.id.name}: ${place(to)}`,
    ),
    ...dataLeft(proposal).map(
      (member) => `the data of ${member.id.name} stays in ${place(member)}; nobody takes it over`,
    ),
  ];
}

/** Data that does not come back with an earlier bundle, because it was purged meanwhile or has another name by now. */
export function lostNotes(proposal: Proposal): readonly string[] {
  return [...lostConfig(proposal), ...lostData(proposal)];
}

function lostConfig({ target, facts, entering }: Proposal): readonly string[] {
  const restored = facts.generations.find(({ generation }) => generation.number === target.restores)?.generation;
  return entering.flatMap(({ member: { id } }) => {
    const revision = restored?.config[id.name];
    const isGone = revision !== undefined && facts.configKept.get(id.name)?.includes(revision) !== true;
    return isGone ? [`the configuration that ${id.name} had is gone; it comes as the bundle ships it`] : [];
  });
}

function lostData(proposal: Proposal): readonly string[] {
  const { target, facts, entering } = proposal;
  const heirs = dataMoves(proposal).map(({ to }) => to);
  const takers = takersIn(facts);
  return entering.flatMap(({ member, before }) => {
    const state = facts.dataStates.get(member.id.name);
    const isOut = before !== null || member.manifest.data?.directory !== true || heirs.includes(member);
    if (isOut || state === 'held' || state === 'disk') return [];
    const taker = takers.find((other) => replaces(other, member));
    if (taker !== undefined) {
      const { name } = taker.id;
      return [`what ${name} left in ${placeIn(proposal)(taker)} may be the data of ${member.id.name}; it stays there`];
    }
    const isGone = target.restores !== null && state === undefined;
    return isGone ? [`the data of ${member.id.name} is gone; it begins with an empty folder`] : [];
  });
}

/** Bundles that are not installed but have left data behind, perhaps some that they had taken over. */
function takersIn({ known, current, dataStates }: Facts): readonly Described[] {
  const installed = new Set(current?.bundles.map(({ name }) => name));
  return [...known.values()].filter(({ id: { name } }) => !installed.has(name) && dataStates.get(name) === 'held');
}

function placeIn({ facts }: Proposal): (one: Described) => string {
  return ({ id }) => `${facts.root}/data/${id.name}`;
}
