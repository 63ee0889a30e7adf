import { settingMatters } from '../../model/index.ts';
import type { Check } from '../checks/check.ts';
import type { Member } from '../member.ts';
import type { Proposal } from '../proposal.ts';
import { refuseOne } from '../target.ts';
import { areLost } from './lost.ts';
import { type Settled, settingsBase } from './of-members.ts';

/** Refuses to begin with defaults where answers were given and are lost, unless all of them are given anew. */
export const checkLostSettings: Check = (proposal) => {
  const { facts, target, settled } = proposal;
  const base = settingsBase(facts, target.restores);
  const coming = settled.filter((one) => isLost(one, base, proposal) && unanswered(one, proposal).length > 0);
  if (coming.length > 0) {
    const names = coming.map(({ member }) => member.id.name);
    const hint = base === facts.current?.number ? waysOut(proposal) : REPAIR;
    return refuseOne('root-damaged', `the settings of ${names.join(' and ')} in generation ${base} are lost`, hint);
  }
  const live = facts.current?.number ?? null;
  const left = proposal.leaving
    .filter(({ member: { manifest } }) => [manifest.hooks?.preremove, manifest.hooks?.postremove].some(isSome))
    .map(({ member }) => member)
    .find(({ id }) => areLost(id.name, live, facts));
  if (left === undefined) return null;
  const message = `the settings of ${left.id.name} in generation ${live} are lost, and its hooks need them`;
  return refuseOne('root-damaged', message, waysOut(proposal));
};

const REPAIR = 'pkg verify --all --repair';

/** What takes the place of another would take over its answers. */
function isLost({ member }: Settled, base: number | null, { entering, facts }: Proposal): boolean {
  const replaced = entering.find((one) => one.member === member)?.replaced?.id.name;
  return [member.id.name, replaced].some((name) => name !== undefined && areLost(name, base, facts));
}

/** Keys that matter and are not given now. */
function unanswered({ member, resolved }: Settled, { request }: Proposal): readonly string[] {
  return Object.entries(member.manifest.settings ?? {})
    .filter(([key, setting]) => settingMatters(setting, resolved.values) && !isGiven(member.id.name, key, request))
    .map(([key]) => key);
}

function isGiven(name: string, key: string, { settings }: Proposal['request']): boolean {
  return settings[name]?.[key] !== undefined;
}

/** Another generation may have the same ones; if there is none, only the operator can know them. */
function waysOut({ facts, installed }: Proposal): string {
  const given = installed.filter(({ id }) => areLost(id.name, facts.current?.number ?? null, facts)).map(answersToGive);
  const words = given.length === 1 ? given.join('') : 'NAME --settings FILE';
  const anew = `give all of them anew: pkg settings set ${words}`;
  return facts.generations.length > 1 ? `${REPAIR}, or go back: pkg rollback, or ${anew}` : anew;
}

/** A secret is asked for. */
function answersToGive({ id, manifest }: Member): string {
  const declared = Object.entries(manifest.settings ?? {});
  return [id.name, ...declared.map(([key, setting]) => (setting.secret === true ? key : `${key}=VALUE`))].join(' ');
}

function isSome(entries: readonly unknown[] | undefined): boolean {
  return (entries ?? []).length > 0;
}
