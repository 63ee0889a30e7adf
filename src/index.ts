// The library: the operations behind the commands, and their types.

export type { Event, Manifest, Plan, Request, Result } from './model/index.ts';
export { build } from './operations/build.ts';
export { applyPlan } from './operations/change/apply-plan.ts';
export { change, type Order } from './operations/change/change.ts';
export { history } from './operations/look/history.ts';
export { inspect } from './operations/look/inspect.ts';
export { list } from './operations/look/list.ts';
export { status } from './operations/look/status.ts';
export { recover } from './operations/mend/recover.ts';
export { repair } from './operations/mend/repair.ts';
export { verify } from './operations/mend/verify.ts';
export type { Session } from './operations/session.ts';
export type { Ended } from './operations/settled.ts';
