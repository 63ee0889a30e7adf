import type { Facts, Request, SettingQuestion } from '../model/index.ts';
import { checkProposal } from './check-proposal.ts';
import { choose } from './choose.ts';
import { propose } from './proposal.ts';
import { resolveSettings } from './settings-resolve.ts';

/**
 * What is worth asking before the decision: each setting that comes new with this change or has no value yet, in the
 * order it is declared. Nothing, where the change would be refused anyway.
 */
export function settingQuestions(request: Request, facts: Facts): readonly SettingQuestion[] {
  const choice = choose(request, facts);
  if (choice.kind !== 'target') return [];
  const proposal = propose(request, choice, facts);
  const refusal = checkProposal(proposal);
  if (refusal !== null && refusal.refusal.code !== 'setting-missing') return [];
  return proposal.settled.flatMap(({ member, before, resolved }) => {
    const { name } = member.id;
    const given = request.settings[name] ?? {};
    const without = resolveSettings(member.manifest, given, before);
    const known = { ...without.values };
    return Object.entries(member.manifest.settings ?? {})
      .filter(([key]) => given[key] === undefined && before[key] === undefined)
      .map(([key, setting]) => ({ bundle: name, key, setting, fallback: resolved.values[key] ?? null, known }));
  });
}
