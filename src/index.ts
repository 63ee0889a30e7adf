// The library: the operations behind the commands, and their types.
export { applyPlan } from './operations/apply-plan.ts';
export { build } from './operations/build.ts';
export { change, type Order } from './operations/change.ts';
export { history } from './operations/history.ts';
export { inspect } from './operations/inspect.ts';
export { list } from './operations/list.ts';
export { recover } from './operations/recover.ts';
export { repair } from './operations/repair.ts';
export type { Session } from './operations/session.ts';
export type { Ended } from './operations/settled.ts';
export { status } from './operations/status.ts';
export { verify } from './operations/verify.ts';
export type { Event, Manifest, Plan, Request, Result } from './model/index.ts';
