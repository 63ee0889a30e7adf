import type { ServiceStatus } from '../../../model/index.ts';
import type { Offer } from '../../../operations/choose/offers.ts';
import type { ConfigState } from '../../../operations/config/states.ts';
import { type Choose, NO_CHOICE, type Outlook } from '../choose/state.ts';
import { type Config, NO_CONFIG } from '../config/state.ts';
import { type History, NO_HISTORY } from '../history/state.ts';
import { NO_SERVICES, type Services } from '../services/state.ts';
import type { Size, TerminalInput } from '../terminal/input.ts';
import type { Wish } from './wish.ts';

/** The views, in the order of their numbers. */
export const TABS = ['bundles', 'services', 'configuration', 'history'] as const;

export type Tab = (typeof TABS)[number];

/** Something long to be read; null = it is being fetched. */
export type Page = { readonly wish: Wish; readonly lines: readonly string[] | null; readonly scroll: number };

/** The whole screen: four views of one root, and perhaps a page over them. */
export type Home = {
  readonly size: Size;
  readonly tab: Tab;
  /** The live generation; null before the first install. */
  readonly live: number | null;
  readonly page: Page | null;
  readonly bundles: Choose;
  readonly services: Services;
  readonly configuration: Config;
  readonly history: History;
  /** Options that were typed before anything else: they belong to every command. */
  readonly options: readonly string[];
  /** The words of the command that the operator wants to run now, without `pkg`; none = to leave. */
  readonly words: readonly string[] | null;
};

/** Everything that can happen to the whole screen. */
export type HomeInput =
  | TerminalInput
  | { readonly kind: 'offers'; readonly offers: readonly Offer[]; readonly problems: readonly string[] }
  | { readonly kind: 'remark'; readonly remark: string }
  | { readonly kind: 'concerns'; readonly concerns: readonly string[] }
  | { readonly kind: 'picked'; readonly picks: Choose['picks'] }
  /** What would come of a choice, as it was when that was asked. */
  | { readonly kind: 'outlook'; readonly of: Pick<Choose, 'picks' | 'consents'>; readonly outlook: Outlook }
  | { readonly kind: 'services'; readonly all: readonly ServiceStatus[] }
  | { readonly kind: 'configuration'; readonly files: readonly ConfigState[] }
  | { readonly kind: 'history'; readonly read: Pick<History, 'told' | 'live' | 'kept'> }
  | { readonly kind: 'page'; readonly wish: Wish; readonly lines: readonly string[] }
  /** Lines that came behind those of a page. */
  | { readonly kind: 'more'; readonly wish: Wish; readonly lines: readonly string[] };

/** The screen before anything was read. */
export function blankHome(size: Size, begin: Pick<Home, 'tab' | 'live' | 'options'>): Home {
  return {
    ...begin,
    size,
    page: null,
    bundles: NO_CHOICE,
    services: NO_SERVICES,
    configuration: NO_CONFIG,
    history: NO_HISTORY,
    words: null,
  };
}
