import type { Change, Plan } from '../../../model/index.ts';
import type { Offer } from '../../../operations/choose/offers.ts';
import { DIRECTION_WORDS } from '../../views/direction-words.ts';
import type { Paint } from '../../views/paint.ts';
import type { Room } from '../home/room.ts';
import { cut } from '../list/cut.ts';
import { listRows } from '../list/list.ts';
import { outlookLines } from './outlook-lines.ts';
import { shownOffers } from './reduce.ts';
import type { Choose, Picked } from './state.ts';

/** The bundles, and below them what would come of the choice, in exactly `room` rows. */
export function chooseLines(choose: Choose, { room, columns }: Room, ink: Paint): readonly string[] {
  const below = outlookRows(room);
  const offers = shownOffers(choose);
  const above = listRows(choose.list, offers, room - below - 1, rowOf(choose, columns, ink));
  const [first = ''] = emptyWords(choose, offers.length);
  const told = outlookLines(choose, { room: below, columns }, ink);
  return [...(offers.length === 0 ? above.with(0, first) : above), ink.dim('-'.repeat(columns)), ...told];
}

/** How many rows the list itself has. */
export function offersRoom(room: number): number {
  return room - outlookRows(room) - 1;
}

function outlookRows(room: number): number {
  return room >= 16 ? 7 : 4;
}

function emptyWords({ offers, list }: Choose, count: number): readonly string[] {
  if (offers === null) return ['one moment: reading what there is'];
  if (count > 0) return [];
  if (list.filter !== '') return [`no bundle has '${list.filter}' in its name; Esc shows all`];
  return [
    'Nothing is installed or kept here, and no archive lies in this folder; archives can be named on the command line',
  ];
}

/** `> [x] web   1.0.0 -> 2.0.0  up   web-2.0.0.tgz`; the columns stay where they are while one moves. */
function rowOf(choose: Choose, columns: number, ink: Paint): (offer: Offer, isHere: boolean) => string {
  const offers = choose.offers ?? [];
  const width = Math.min(Math.floor(columns / 3), Math.max(4, ...offers.map(({ name }) => name.length)));
  const changes = new Map(planOf(choose)?.changes.map((change) => [change.name, change]));
  return (offer, isHere) => {
    const pick = choose.picks.get(offer.name);
    const change = changes.get(offer.name);
    const mark = pick === undefined ? (change === undefined ? '[ ]' : ' * ') : pick.kind === 'remove' ? '[-]' : '[x]';
    const start = `${isHere ? '>' : ' '} ${mark} ${cut(offer.name, width).padEnd(width)}  ${versionWords(offer, pick, change)}`;
    const text = cut(
      `${start.padEnd(width + (columns < 80 ? 31 : 38))}  ${placeWords(offer, pick, change)}`.trimEnd(),
      columns,
    );
    if (pick?.kind === 'remove' || change?.direction === 'remove') return ink.red(text);
    if (change?.direction === 'down') return ink.yellow(text);
    if (pick !== undefined || change !== undefined) return ink.green(text);
    return isHere ? ink.bold(text) : text;
  };
}

function planOf({ outlook }: Choose): Plan | null {
  return outlook?.kind === 'plan' ? outlook.plan : null;
}

function versionWords({ installed }: Offer, pick: Picked | undefined, change: Change | undefined): string {
  const to = change?.to ?? (pick?.kind === 'version' ? pick.to.version : null);
  const from = installed ?? '-';
  if (change !== undefined) return `${from} -> ${to ?? '-'}  ${DIRECTION_WORDS[change.direction]}`;
  if (pick === undefined) return from;
  return `${from} -> ${to ?? '-'}`;
}

/** Where a version comes from; for what nobody has chosen, what could be chosen, or why it changes all the same. */
function placeWords({ versions, installed }: Offer, pick: Picked | undefined, change: Change | undefined): string {
  if (pick?.kind === 'remove') return '';
  if (pick?.kind === 'version') return pick.to.file ?? pick.to.place;
  if (change !== undefined) return 'because of the others';
  const others = versions.filter(({ place }) => place !== 'installed');
  if (others.length === 0) return '';
  const [best] = versions;
  const isNewer = installed !== null && best !== undefined && best.place !== 'installed';
  const shown = others.slice(0, 3).map(({ version, place }) => (place === 'given' ? `${version} given` : version));
  return `${isNewer ? 'newer: ' : ''}${shown.join(', ')}${others.length > 3 ? ', ...' : ''}`;
}
