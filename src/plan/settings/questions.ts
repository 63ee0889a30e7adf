import type { Facts, Manifest, Request, Setting, SettingQuestion } from '../../model/index.ts';
import { checkProposal } from '../checks/check-proposal.ts';
import { choose } from '../choose/choose.ts';
import { propose } from '../proposal.ts';

/**
 * The questions to ask before the decision: each setting that is new with this change or has no value yet. None
 * if the change would be refused anyway.
 */
export function settingQuestions(request: Request, facts: Facts): readonly SettingQuestion[] {
  const choice = choose(request, facts);
  if (choice.kind !== 'target') return [];
  const proposal = propose(request, choice, facts);
  const refusal = checkProposal(proposal);
  if (refusal !== null && refusal.refusal.code !== 'setting-missing') return [];
  return proposal.settled.flatMap(({ member: { id, manifest }, before, resolved }) =>
    inAskingOrder(manifest)
      .filter(([key]) => request.settings[id.name]?.[key] === undefined && before[key] === undefined)
      .map(([key, setting]) => ({
        bundle: id.name,
        key,
        setting,
        fallback: resolved.values[key] ?? null,
        known: resolved.values,
      })),
  );
}

/** By name, but each after the one that its `when` depends on. */
function inAskingOrder({ settings = {} }: Manifest): readonly (readonly [string, Setting])[] {
  const ordered: string[] = [];
  const visit = (key: string, below: readonly string[]): void => {
    const setting = settings[key];
    if (setting === undefined || ordered.includes(key) || below.includes(key)) return;
    if (setting.when !== undefined) visit(setting.when.replace(/=.*/s, ''), [...below, key]);
    ordered.push(key);
  };
  for (const key of Object.keys(settings).toSorted()) visit(key, []);
  return ordered.flatMap((key) => (settings[key] === undefined ? [] : [[key, settings[key]] as const]));
}
