// Every command, in the order that --help shows them within their groups. A command takes its words, calls one
// operation and prints a view; it decides nothing. Operations are imported when a command runs, not before.
import type { Command } from '../command.ts';
import { apply } from './apply.ts';
import { autoremove } from './autoremove.ts';
import { build } from './build.ts';
import { downgrade } from './downgrade.ts';
import { history } from './history.ts';
import { inspect } from './inspect.ts';
import { install } from './install.ts';
import { list } from './list.ts';
import { plan } from './plan.ts';
import { recover } from './recover.ts';
import { remove } from './remove.ts';
import { rollback } from './rollback.ts';
import { status } from './status.ts';
import { upgrade } from './upgrade.ts';
import { verify } from './verify.ts';

export const commands: readonly Command[] = [
  install,
  upgrade,
  downgrade,
  remove,
  autoremove,
  rollback,
  plan,
  apply,
  recover,
  build,
  status,
  list,
  inspect,
  history,
  verify,
];
