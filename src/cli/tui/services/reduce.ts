import { type ServiceStatus, serviceTitle } from '../../../model/index.ts';
import type { Turn } from '../home/turn.ts';
import { isLookedFor, reduceList, rowAt, WHOLE_LIST } from '../list/list.ts';
import type { Deed, Services } from './state.ts';

/** Verbs that nobody who uses the service would feel. */
const AT_ONCE: Readonly<Record<string, string>> = { s: 'start', l: 'reload', e: 'enable', d: 'disable' };

const ASKED: Readonly<Record<string, Deed>> = { t: 'stop', r: 'restart' };

/** The services after a key; null = the key means nothing here. */
export function reduceServices(services: Services, key: string, room: number): Turn<Services> | null {
  const { asked } = services;
  if (asked !== null) {
    const to = { ...services, asked: null };
    return key === 'y' ? { to, words: ['service', asked.deed, asked.service] } : { to };
  }
  const shown = shownServices(services);
  const list = reduceList(services.list, key, { count: shown.length, room });
  if (list !== null) return { to: { ...services, list } };
  if (key === 'escape' && services.list.filter !== '') return { to: { ...services, list: WHOLE_LIST } };
  const here = shown[rowAt(services.list, shown.length)];
  if (here === undefined) return null;
  const service = titleOf(here);
  const [verb, deed] = [AT_ONCE[key], ASKED[key]];
  if (verb !== undefined) return { to: services, words: ['service', verb, service] };
  if (deed !== undefined) return { to: { ...services, asked: { deed, service } } };
  if (key !== 'enter' && key !== 'f') return null;
  return { to: services, wish: { kind: 'service-log', service, isFollowed: key === 'f' } };
}

/** The services that the filter lets through. */
export function shownServices({ all, list }: Pick<Services, 'all' | 'list'>): readonly ServiceStatus[] {
  return (all ?? []).filter((service) => isLookedFor(list, titleOf(service)));
}

/** `web/server`. */
export function titleOf({ bundle, name }: ServiceStatus): string {
  return serviceTitle({ bundle, service: name });
}
