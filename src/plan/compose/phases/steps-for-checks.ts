import { type BundleId, bundleTitle, type Check, type Step } from '../../../model/index.ts';
import type { Member } from '../../member.ts';
import type { Proposal } from '../../proposal.ts';
import { dependencyEdges } from '../../relations/order-bundles.ts';

const MOMENTS = { staged: 'check', switched: 'verify' } as const;

/** Runs the declared checks of every bundle that changes, and of those that depend on one that changes. */
export function stepsForChecks(proposal: Proposal): readonly Step[] {
  const touched = touchedNames(proposal);
  const members = proposal.members.filter((member) => touched.has(member.id.name));
  return (['staged', 'switched'] as const).flatMap((when) =>
    members.flatMap((member) =>
      (member.manifest.checks ?? [])
        .filter((check) => (check.when ?? ['staged']).includes(when) && !isSkipped(check, member, proposal))
        .map((check) => checkStep(check, member.id, { when, generation: proposal.facts.nextGeneration })),
    ),
  );
}

/** `--skip-check suite` skips it everywhere, `--skip-check perl/suite` that of one bundle. */
export function isSkipped(check: Check, { id }: Member, { request }: Proposal): boolean {
  const { skipChecks } = request.overrides;
  return skipChecks.includes(check.name) || skipChecks.includes(`${id.name}/${check.name}`);
}

function touchedNames({ members, entering }: Proposal): ReadonlySet<string> {
  const edges = dependencyEdges(members);
  const touched = new Set(entering.map(({ member }) => member.id.name));
  const spread = () =>
    members.filter(({ id }) => !touched.has(id.name) && edges.get(id.name)?.some((name) => touched.has(name)));
  for (let next = spread(); next.length > 0; next = spread()) for (const { id } of next) touched.add(id.name);
  return touched;
}

/** Where a check is run. */
export type CheckMoment = { readonly when: 'staged' | 'switched'; readonly generation: number };

/** One check of a bundle as a member of a generation. */
export function checkStep(check: Check, id: BundleId, { when, generation }: CheckMoment): RunCheck {
  return {
    kind: 'run-check',
    phase: MOMENTS[when],
    bundle: id,
    generation,
    check: check.name,
    run: check.run,
    timeout: check.timeout ?? '5m',
    ...(check.expect === undefined ? {} : { expect: check.expect }),
    when,
    summary: `check ${check.name} of ${bundleTitle(id)}`,
    undo: 'nothing to undo',
  };
}

type RunCheck = Step & { readonly kind: 'run-check' };
