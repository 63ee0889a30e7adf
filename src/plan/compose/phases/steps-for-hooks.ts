import {
  bundleTitle,
  deletableInWords,
  type HookCall,
  type HookName,
  type Phase,
  type Step,
} from '../../../model/index.ts';
import { dataMoves } from '../../data-moves.ts';
import { type LastInstalled, lastInstalled, purgedLater } from '../../left-behind.ts';
import type { Member } from '../../member.ts';
import type { Entering, Leaving, Proposal } from '../../proposal.ts';

/** The script that undoes another: docs/hooks.md#undo. */
const OPPOSITE = {
  preinstall: 'postremove',
  postinstall: 'preremove',
  preremove: 'postinstall',
  postremove: 'preinstall',
} as const satisfies Record<HookName, HookName>;

/** What one bundle's hooks are told about this change. */
type Told = Pick<HookCall, 'action' | 'rest' | 'otherVersion'>;

/** The maintainer's scripts: install hooks of a bundle that is switched to, remove hooks of one that leaves. */
export function stepsForHooks(proposal: Proposal, forced: readonly string[]): readonly Step[] {
  const { facts, target, entering, leaving } = proposal;
  const step = (member: Member, hook: HookName, phase: Phase, told: Told) =>
    hookStep(member, hook, phase, told).map((body): Step => ({ ...body, generation: facts.nextGeneration, forced }));
  // It was removed before: the generation before this change has neither its settings nor its configuration.
  const purgeHook = ({ member, generation }: LastInstalled) =>
    step(member, 'postremove', 'clean', PURGE).map((body) => ({ ...body, seenIn: generation }));
  const heirs = dataMoves(proposal).map(({ to }) => to);
  // Any earlier, it would not find the data folder, and might make one.
  const isLate = (one: Entering) => isFromNothing(one) || heirs.includes(one.member);
  const purged = leaving.filter(({ change }) => target.purge.includes(change.name));
  return [
    // What a removal takes away must be gone before the new version makes it anew.
    ...throughBase(entering).flatMap((before) => step(before, 'postremove', 'migrate-before', REMOVE)),
    ...entering.flatMap((one) =>
      step(one.member, 'preinstall', isLate(one) ? 'migrate-before' : 'prepare', toldOnEnter(one)),
    ),
    ...leaving.flatMap((one) => step(one.member, 'preremove', 'quiesce', toldOnLeave(one))),
    ...throughBase(entering).flatMap((before) => step(before, 'preremove', 'quiesce', REMOVE)),
    ...entering.flatMap((one) => step(one.member, 'postinstall', 'resume', toldOnEnter(one))),
    ...leaving.flatMap((one) => step(one.member, 'postremove', 'resume', toldOnLeave(one))),
    ...purged.flatMap(({ member }) => [
      ...step(member, 'postremove', 'clean', PURGE),
      purgeStep(member.id.name, facts),
    ]),
    ...purgedLater(proposal).flatMap((name) => {
      const last = lastInstalled(name, facts);
      return [...(last === null ? [] : purgeHook(last)), purgeStep(name, facts)];
    }),
  ];
}

const REMOVE: Told = { action: 'remove', rest: [], otherVersion: null };

/** Through the base: the old version is removed, then the new one is installed. */
function throughBase(entering: readonly Entering[]): readonly Member[] {
  return entering.flatMap((one) => (isFromNothing(one) && one.before !== null ? [one.before] : []));
}

function isFromNothing({ before, change }: Entering): boolean {
  return change.class === 'through-base' && before !== null;
}

const PURGE: Told = { action: 'purge', rest: [], otherVersion: null };

/** A rebuild is an upgrade from the same version. */
function toldOnEnter({ change }: Entering): Told {
  if (change.from === null || change.class === 'through-base')
    return { action: 'install', rest: [], otherVersion: null };
  const action = change.direction === 'down' ? 'downgrade' : 'upgrade';
  return { action, rest: [change.from], otherVersion: change.from };
}

function toldOnLeave({ inFavour }: Leaving): Told {
  if (inFavour === null) return { action: 'remove', rest: [], otherVersion: null };
  const { name, version } = inFavour.id;
  return { action: 'remove', rest: ['in-favour', name, version], otherVersion: version };
}

function hookStep({ id, manifest }: Member, hook: HookName, phase: Phase, told: Told) {
  const entries = manifest.hooks?.[hook] ?? [];
  if (entries.length === 0) return [];
  const call: HookCall = { bundle: id, hook, entries, ...told, timeout: manifest.hooks?.timeout ?? '5m' };
  const words = [told.action, ...told.rest].join(' ');
  const summary = `run ${hook} ${words} of ${bundleTitle(id)}`;
  return [{ kind: 'run-hook', phase, call, summary, undo: hookUndo(call, manifest, phase) } as const];
}

function hookUndo({ hook, entries, action, rest }: HookCall, manifest: Member['manifest'], phase: Phase): string {
  if (phase === 'clean') return 'cannot be undone: it runs after the change is final';
  const opposite = OPPOSITE[hook];
  const own = entries.some((entry) => typeof entry !== 'string' || entry.startsWith('pkg:'));
  const script = (manifest.hooks?.[opposite] ?? []).length > 0;
  const calls = [
    ...(own ? ['the undo of its parts'] : []),
    ...(script ? [[opposite, `abort-${action}`, ...rest].join(' ')] : []),
  ];
  return calls.length === 0 ? 'nothing to undo' : `run ${calls.join(' and ')}`;
}

function purgeStep(name: string, { deletable }: Proposal['facts']): Step {
  const deletes = deletable.get(name) ?? [];
  const all = deletes.map(deletableInWords).join(' and ');
  return {
    kind: 'purge',
    phase: 'clean',
    name,
    deletes,
    summary: `delete data and configuration of ${name}${all === '' ? '' : `: ${all}`}`,
    undo: 'cannot be undone: it runs after the change is final',
  };
}
