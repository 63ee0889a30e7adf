import type { Told } from '../../../operations/look/history.ts';
import { historyLine } from '../../views/history-text.ts';
import type { Turn } from '../home/turn.ts';
import { isLookedFor, reduceList, rowAt, WHOLE_LIST } from '../list/list.ts';
import type { History } from './state.ts';

/** The history after a key; null = the key means nothing here. */
export function reduceHistory(history: History, key: string, room: number): Turn<History> | null {
  const shown = shownHistory(history);
  const list = reduceList(history.list, key, { count: shown.length, room });
  if (list !== null) return { to: { ...history, list } };
  if (key === 'escape') return stepBack(history);
  const here = shown[rowAt(history.list, shown.length)];
  if (here === undefined) return null;
  if (key === 'enter') return { to: history, wish: { kind: 'transaction', id: here.id } };
  const made = keptBy(here, history);
  if (made === null) return null;
  switch (key) {
    case ' ':
      return { to: { ...history, marked: history.marked === made ? null : made } };
    case 'd':
      return difference(history, made);
    case 'r':
      return made === history.live ? null : { to: history, words: ['rollback', String(made)] };
    default:
      return null;
  }
}

/** The transactions that the filter lets through. */
export function shownHistory({ told, list }: Pick<History, 'told' | 'list'>): readonly Told[] {
  return (told ?? []).filter((one) => isLookedFor(list, historyLine(one)));
}

/** The generation that a transaction made, where it is still kept. */
export function keptBy({ outcome, to }: Told, { kept }: History): number | null {
  const isGood = outcome === 'committed' || outcome === 'trial';
  return isGood && to !== null && kept.includes(to) ? to : null;
}

/** From the older to the younger: what came since. */
function difference(history: History, made: number): Turn<History> | null {
  const other = history.marked ?? history.live;
  if (other === null || other === made) return null;
  const [from = made, to = made] = [made, other].toSorted((a, b) => a - b);
  return { to: history, wish: { kind: 'difference', from, to } };
}

function stepBack(history: History): Turn<History> | null {
  if (history.list.filter !== '') return { to: { ...history, list: WHOLE_LIST } };
  return history.marked === null ? null : { to: { ...history, marked: null } };
}
