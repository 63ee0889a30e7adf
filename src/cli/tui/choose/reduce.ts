import type { Offer } from '../../../operations/choose/offers.ts';
import { isLookedFor, reduceList, rowAt, WHOLE_LIST } from '../list/list.ts';
import type { Turn } from '../home/turn.ts';
import { commandOf } from './command-of.ts';
import type { Choose, Consent, Picked } from './state.ts';

/** The choice after a key; null = the key means nothing here. */
export function reduceChoose(before: Choose, key: string, room: number): Turn<Choose> | null {
  const choose = { ...before, remark: null };
  const shown = shownOffers(choose);
  const list = reduceList(choose.list, key, { count: shown.length, room });
  if (list !== null) return { to: { ...choose, list } };
  const here = shown[rowAt(choose.list, shown.length)];
  switch (key) {
    case 'enter':
      return goOn(choose);
    case 'escape':
      return stepBack(choose);
    case 'f':
      return consent(choose, 'lower');
    case 'c':
      return consent(choose, 'cascade');
    case 'a':
      return cured(choose);
    case 'u':
      return { to: upgradeAll(choose) };
    default:
      return here === undefined ? null : pickKey(choose, key, here);
  }
}

/** The offers that the filter lets through. */
export function shownOffers({ offers, list }: Pick<Choose, 'offers' | 'list'>): readonly Offer[] {
  return (offers ?? []).filter(({ name }) => isLookedFor(list, name));
}

function pickKey(choose: Choose, key: string, offer: Offer): Turn<Choose> | null {
  switch (key) {
    case ' ':
      return { to: choose.picks.has(offer.name) ? picked(choose, offer.name, null) : pickBest(choose, offer) };
    case '>':
    case 'right':
      return { to: pickNext(choose, offer, -1) };
    case '<':
    case 'left':
      return { to: pickNext(choose, offer, 1) };
    case 'x':
      return { to: pickRemoval(choose, offer) };
    case 'i':
      return { to: choose, wish: { kind: 'bundle', offer } };
    default:
      return null;
  }
}

/** Only a plan is gone on with; what still has to be asked is asked on the way. */
function goOn(choose: Choose): Turn<Choose> {
  const { outlook } = choose;
  const words = commandOf(choose);
  if (words === null) return { to: { ...choose, remark: 'nothing is chosen yet: Space chooses' } };
  if (outlook === null) return { to: { ...choose, remark: 'one moment: what it needs is being looked at' } };
  if (outlook.kind === 'nothing') return { to: { ...choose, remark: outlook.because } };
  if (outlook.kind === 'plan' || isAskedLater(outlook.refusal.code)) return { to: choose, words };
  return { to: { ...choose, remark: 'this cannot be: the reason stands above' } };
}

/** Refusals that only say that an answer is missing: nobody was asked yet. */
export function isAskedLater(code: string): boolean {
  return code === 'setting-missing';
}

function stepBack(choose: Choose): Turn<Choose> | null {
  if (choose.list.filter !== '') return { to: { ...choose, list: WHOLE_LIST } };
  if (choose.picks.size > 0) return { to: chosen(choose, new Map()) };
  return null;
}

/** A consent is given only where it is asked for, and taken back by the same key. */
function consent(choose: Choose, what: Consent): Turn<Choose> | null {
  const { consents, outlook, picks } = choose;
  if (consents.includes(what))
    return {
      to: rethought(
        choose,
        consents.filter((one) => one !== what),
      ),
    };
  const isAsked = outlook?.kind === 'refusal' && consentFor(outlook.refusal.code) === what && picks.size > 0;
  return isAsked ? { to: rethought(choose, [...consents, what]) } : null;
}

/** What would make a refused choice possible, where it is only a word of the operator. */
export function consentFor(code: string): Consent | null {
  if (code === 'downgrade-needs-force') return 'lower';
  return code === 'needed' ? 'cascade' : null;
}

/** The choice as the refusal says that it would be possible. */
function cured(choose: Choose): Turn<Choose> | null {
  const { outlook } = choose;
  if (outlook?.kind !== 'refusal' || outlook.cure === null) return null;
  return { to: chosen(choose, new Map([...choose.picks, ...outlook.cure])) };
}

function upgradeAll(choose: Choose): Choose {
  const picks = new Map(choose.picks);
  for (const offer of choose.offers ?? []) {
    const [best] = offer.versions;
    if (offer.installed !== null && best !== undefined && best.place !== 'installed') {
      picks.set(offer.name, { kind: 'version', to: best });
    }
  }
  return picks.size === choose.picks.size ? { ...choose, remark: 'nothing newer is here' } : chosen(choose, picks);
}

function pickBest(choose: Choose, offer: Offer): Choose {
  const [best] = offer.versions;
  if (best === undefined || best.place === 'installed') {
    return { ...choose, remark: `nothing newer than ${offer.name} ${offer.installed} is here; x takes it out` };
  }
  return picked(choose, offer.name, { kind: 'version', to: best });
}

/** Up and down its versions; at the installed one nothing is chosen. */
function pickNext(choose: Choose, { name, installed, versions }: Offer, by: 1 | -1): Choose {
  const pick = choose.picks.get(name);
  const from =
    pick?.kind === 'version' ? versions.indexOf(pick.to) : versions.findIndex(({ place }) => place === 'installed');
  // Of what is not installed, the highest comes first.
  const next = from === -1 ? versions[0] : versions[from + by];
  if (next !== undefined)
    return picked(choose, name, next.place === 'installed' ? null : { kind: 'version', to: next });
  if (installed === null && pick !== undefined) return picked(choose, name, null);
  return { ...choose, remark: `there is no ${by === 1 ? 'lower' : 'higher'} version of ${name} here` };
}

function pickRemoval(choose: Choose, { name, installed }: Offer): Choose {
  if (choose.picks.get(name)?.kind === 'remove') return picked(choose, name, null);
  if (installed === null) return { ...choose, remark: `${name} is not installed` };
  return picked(choose, name, { kind: 'remove' });
}

function picked(choose: Choose, name: string, pick: Picked | null): Choose {
  const picks = new Map(choose.picks);
  if (pick === null) picks.delete(name);
  else picks.set(name, pick);
  return chosen(choose, picks);
}

/** What was consented to was the choice before. */
function chosen(choose: Choose, picks: Choose['picks']): Choose {
  return { ...choose, picks, consents: [], outlook: null };
}

function rethought(choose: Choose, consents: readonly Consent[]): Choose {
  return { ...choose, consents, outlook: null };
}
