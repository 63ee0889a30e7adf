import type { Step } from '../../../model/index.ts';

/** The name of the bundle that a step is about; null for those that are about the whole generation. */
export function bundleOfStep(step: Step): string | null {
  if ('call' in step) return step.call.bundle.name;
  if ('name' in step) return step.name;
  if ('service' in step) return step.service.bundle.name;
  if (!('bundle' in step)) return null;
  return typeof step.bundle === 'string' ? step.bundle : step.bundle.name;
}
