import type { ConfigState } from '../../../operations/config/states.ts';
import type { Turn } from '../home/turn.ts';
import { isLookedFor, reduceList, rowAt, WHOLE_LIST } from '../list/list.ts';
import type { Config } from './state.ts';

const NEW = '.pkg-new';

/** What becomes of a file that waits, as `pkg config merge` takes it. */
const SETTLED: Readonly<Record<string, readonly string[]>> = { m: [], k: ['--keep'], n: ['--new'] };

/** The files after a key; null = the key means nothing here. */
export function reduceConfig(config: Config, key: string, room: number): Turn<Config> | null {
  const shown = shownConfig(config);
  const list = reduceList(config.list, key, { count: shown.length, room });
  if (list !== null) return { to: { ...config, list } };
  if (key === 'escape' && config.list.filter !== '') return { to: { ...config, list: WHOLE_LIST } };
  if (key === 'a') return { to: { ...config, isAll: !config.isAll, list: WHOLE_LIST } };
  const here = shown[rowAt(config.list, shown.length)];
  if (here === undefined) return null;
  const { bundle, file } = here;
  if (key === 'enter') return { to: config, wish: { kind: 'config-diff', bundle, file } };
  const how = SETTLED[key];
  if (how === undefined || !canBeSettled(here)) return null;
  return { to: config, words: ['config', 'merge', bundle, file.slice(0, -NEW.length), ...how] };
}

/** Whether a new file waits beside the one in use. */
export function canBeSettled({ state, file }: ConfigState): boolean {
  return state === 'waiting' && file.endsWith(NEW);
}

/** What waits comes first; then what else is not as it was shipped. */
export function shownConfig({ files, list, isAll }: Config): readonly ConfigState[] {
  return (files ?? [])
    .filter(({ state, path }) => (isAll || state !== 'as-shipped') && isLookedFor(list, `${state} ${path}`))
    .toSorted((a, b) => Number(canBeSettled(b)) - Number(canBeSettled(a)));
}
