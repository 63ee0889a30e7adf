// Every command, in the order that --help shows them within their groups. A command takes its words, calls one
// operation and prints a view; it decides nothing. Operations are imported when a command runs, not before.
import type { Command } from '../command.ts';
import { abandon } from './abandon.ts';
import { apply } from './apply.ts';
import { autoremove } from './autoremove.ts';
import { build } from './build.ts';
import { commit } from './commit.ts';
import { completion } from './completion.ts';
import { config } from './config.ts';
import { diff } from './diff.ts';
import { doctor } from './doctor.ts';
import { downgrade } from './downgrade.ts';
import { drain } from './drain.ts';
import { exec } from './exec.ts';
import { explain } from './explain.ts';
import { files } from './files.ts';
import { gc } from './gc.ts';
import { history } from './history.ts';
import { info } from './info.ts';
import { init } from './init.ts';
import { inspect } from './inspect.ts';
import { install } from './install.ts';
import { list } from './list.ts';
import { logs } from './logs.ts';
import { maintenance } from './maintenance.ts';
import { notify } from './notify.ts';
import { owner } from './owner.ts';
import { pin } from './pin.ts';
import { plan } from './plan.ts';
import { publish } from './publish.ts';
import { recover } from './recover.ts';
import { remove } from './remove.ts';
import { rollback } from './rollback.ts';
import { service } from './service.ts';
import { settings } from './settings.ts';
import { status } from './status.ts';
import { tag } from './tag.ts';
import { undrain } from './undrain.ts';
import { unpin } from './unpin.ts';
import { upgradable } from './upgradable.ts';
import { upgrade } from './upgrade.ts';
import { verify } from './verify.ts';
import { why } from './why.ts';
import { windows } from './windows.ts';

export const commands: readonly Command[] = [
  install,
  upgrade,
  downgrade,
  remove,
  autoremove,
  rollback,
  commit,
  publish,
  abandon,
  plan,
  apply,
  settings,
  recover,
  service,
  maintenance,
  drain,
  undrain,
  status,
  list,
  info,
  files,
  owner,
  why,
  config,
  diff,
  history,
  logs,
  inspect,
  upgradable,
  verify,
  doctor,
  exec,
  init,
  build,
  gc,
  pin,
  unpin,
  tag,
  windows,
  notify,
  explain,
  completion,
];
