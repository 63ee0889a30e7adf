import type { Plan, Refusal } from '../../model/index.ts';

/** The plan as `--json` shows it: numbered steps without their inner facts. */
export function planJson(plan: Plan) {
  const { from, to, interruption, pointOfNoReturn, wayBack, changes, needs, room, steps, notes } = plan;
  return {
    from,
    to,
    class: plan.class,
    interruption,
    pointOfNoReturn,
    wayBack,
    changes,
    needs: needs ?? [],
    ...(room === undefined ? {} : { room }),
    steps: steps.map((step, index) => ({
      n: index + 1,
      phase: step.phase,
      kind: step.kind,
      ...bundleOf(step),
      summary: step.summary,
      undo: step.undo,
    })),
    settings: plan.settings?.changes ?? [],
    notes,
  };
}

/** A refused or empty plan in the same shape. */
export function noPlanJson(from: number | null, refusal?: Refusal) {
  return {
    from,
    to: from,
    class: 'none',
    interruption: 0,
    pointOfNoReturn: null,
    wayBack: { class: 'none', loses: [] },
    changes: [],
    needs: [],
    steps: [],
    settings: [],
    notes: [],
    ...(refusal === undefined ? {} : { refusal: refusalJson(refusal) }),
  };
}

/** A refusal with all of its keys. */
export function refusalJson({ code, message, hint, causes }: Refusal) {
  return { code, message, hint: hint ?? null, causes };
}

function bundleOf(step: Plan['steps'][number]): { readonly bundle?: string } {
  if ('service' in step) return { bundle: step.service.name.bundle };
  if ('bundle' in step) return { bundle: typeof step.bundle === 'string' ? step.bundle : step.bundle.name };
  return step.kind === 'run-hook' ? { bundle: step.call.bundle.name } : {};
}
