import { commandOf } from '../choose/command-of.ts';
import { canBeSettled, shownConfig } from '../config/reduce.ts';
import { keptBy, shownHistory } from '../history/reduce.ts';
import { rowAt } from '../list/list.ts';
import { shownServices, titleOf } from '../services/reduce.ts';
import type { Home } from './state.ts';

/** The command line that does or shows what is before one, without `pkg`. */
export function commandHere(home: Home): readonly string[] | null {
  switch (home.tab) {
    case 'bundles':
      return commandOf(home.bundles);
    case 'services':
      return ofService(home);
    case 'configuration':
      return ofConfig(home);
    case 'history':
      return ofHistory(home);
    default:
      return home.tab satisfies never;
  }
}

function ofService({ services, page }: Home): readonly string[] | null {
  if (page !== null && page.wish.kind === 'service-log') {
    return ['logs', ...(page.wish.isFollowed ? ['-f'] : []), page.wish.service];
  }
  const shown = shownServices(services);
  const here = shown[rowAt(services.list, shown.length)];
  if (services.asked !== null) return ['service', services.asked.deed, services.asked.service];
  return here === undefined ? null : ['logs', titleOf(here)];
}

function ofConfig({ configuration }: Home): readonly string[] | null {
  const shown = shownConfig(configuration);
  const here = shown[rowAt(configuration.list, shown.length)];
  if (here === undefined) return null;
  return ['config', canBeSettled(here) ? 'merge' : 'diff', here.bundle, here.file.replace(/\.pkg-new$/, '')];
}

function ofHistory({ history }: Home): readonly string[] | null {
  const shown = shownHistory(history);
  const here = shown[rowAt(history.list, shown.length)];
  if (here === undefined) return null;
  const made = keptBy(here, history);
  if (made !== null && made !== history.live) return ['rollback', String(made)];
  return ['history', String(here.id)];
}
