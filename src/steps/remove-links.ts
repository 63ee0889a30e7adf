import { makeLink, removeLink } from './external-link.ts';
import type { StepHandler } from './step-handler.ts';

/** Links outside the root that end with the old generation. */
export const removeLinks: StepHandler<'remove-links'> = {
  repeatable: true,

  async do(step) {
    for (const link of step.links) removeLink(link);
  },

  async undo(step) {
    for (const link of step.links.toReversed()) makeLink(link);
  },
};
