import { makeLink, removeLink } from './external-link.ts';
import type { StepHandler } from './step-handler.ts';

/** Links outside the root that begin with this generation; they lead through `current`. */
export const makeLinks: StepHandler<'make-links'> = {
  repeatable: true,

  async do(step) {
    for (const link of step.links) makeLink(link);
  },

  async undo(step) {
    for (const link of step.links.toReversed()) removeLink(link);
  },
};
