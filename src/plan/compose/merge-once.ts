import type { Step } from '../../model/index.ts';

type WriteConfig = Step & { readonly kind: 'write-config' };

/**
 * On a way over several versions each of them is merged with the edits of the installed version, not with the merge
 * before it, so the result can be foreseen and conflicts can be asked about before anything begins.
 */
export function mergeOnce(steps: readonly Step[]): readonly Step[] {
  const writes = steps.filter(isWriteConfig);
  return steps.map((step) => {
    if (!isWriteConfig(step)) return step;
    const passed = passedBefore(step, writes);
    const isPassed = writes.some((other) => makerOf(other, [step]) === step);
    const first = passed.at(0);
    return {
      ...step,
      ...(first === undefined ? {} : { previous: first.previous, via: passed.map(placeOf) }),
      ...(isPassed ? { isPassed, policy: 'keep' as const } : {}),
    };
  });
}

function isWriteConfig(step: Step): step is WriteConfig {
  return step.kind === 'write-config';
}

/** The revisions between the installed one and this, in the order they are passed. */
function passedBefore(step: WriteConfig, writes: readonly WriteConfig[]): readonly WriteConfig[] {
  const maker = makerOf(step, writes);
  return maker === undefined ? [] : [...passedBefore(maker, writes), maker];
}

/** The step that makes the revision this one begins with; none where it is there already. */
function makerOf({ previous }: WriteConfig, writes: readonly WriteConfig[]): WriteConfig | undefined {
  return writes.find(({ bundle, revision }) => bundle.name === previous?.bundle.name && revision === previous.revision);
}

function placeOf({ bundle, revision }: WriteConfig) {
  return { bundle, revision };
}
