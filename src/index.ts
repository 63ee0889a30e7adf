// The library: the operations behind the commands, and their types.
export { build } from './operations/build.ts';
export { change, type Ended, type Order } from './operations/change.ts';
export { inspect } from './operations/inspect.ts';
export { list } from './operations/list.ts';
export { recover } from './operations/recover.ts';
export type { Session } from './operations/session.ts';
export type { Event, Manifest, Plan, Request, Result } from './model/index.ts';
