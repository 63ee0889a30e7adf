import type { Facts, Request } from '../../model/index.ts';
import { membersOf } from '../member.ts';
import { type Choice, target } from '../target.ts';
import { chooseDowngrade } from './choose-downgrade.ts';
import { chooseInstall } from './choose-install.ts';
import { chooseAutoremove, chooseRemove } from './choose-remove.ts';
import { chooseRollback } from './choose-rollback.ts';
import { chooseUpgrade } from './choose-upgrade.ts';

/** The set of members that a request leads to, or an immediate answer. */
export function choose(request: Request, facts: Facts): Choice {
  switch (request.kind) {
    case 'install':
      return chooseInstall(request, facts);
    case 'upgrade':
      return chooseUpgrade(request, facts);
    case 'downgrade':
      return chooseDowngrade(request, facts);
    case 'remove':
      return chooseRemove(request, facts);
    case 'autoremove':
      return chooseAutoremove(request, facts);
    case 'rollback':
      return chooseRollback(request, facts);
    case 'settings':
      return target(membersOf(facts.current, facts), []);
    default:
      return request satisfies never;
  }
}
