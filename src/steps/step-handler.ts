import type { Step, StepKind } from '../model/index.ts';
import type { Handler } from '../transaction/index.ts';
import type { World } from './world.ts';

/** The handler of one kind of step. */
export type StepHandler<K extends StepKind> = Handler<Step & { readonly kind: K }, World>;
