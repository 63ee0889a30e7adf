import type { Offer } from '../../../operations/choose/offers.ts';

/** Something to be read on a page of its own. */
export type Wish =
  | { readonly kind: 'bundle'; readonly offer: Offer }
  /** `isFollowed` = with what comes from now on. */
  | { readonly kind: 'service-log'; readonly service: string; readonly isFollowed: boolean }
  | { readonly kind: 'config-diff'; readonly bundle: string; readonly file: string }
  | { readonly kind: 'transaction'; readonly id: number }
  | { readonly kind: 'difference'; readonly from: number; readonly to: number }
  /** What has no room elsewhere. */
  | { readonly kind: 'text'; readonly title: string; readonly lines: readonly string[] };

/** Whether more comes, and its end is what is looked at. */
export function isFollowed({ wish }: { readonly wish: Wish }): boolean {
  return wish.kind === 'service-log' && wish.isFollowed;
}

/** What stands above the page. */
export function wishTitle(wish: Wish): string {
  switch (wish.kind) {
    case 'bundle':
      return wish.offer.name;
    case 'service-log':
      return `the log of ${wish.service}${wish.isFollowed ? ', followed' : ''}`;
    case 'config-diff':
      return `etc/${wish.bundle}/${wish.file}`;
    case 'transaction':
      return `transaction ${wish.id}`;
    case 'difference':
      return `from generation ${wish.from} to generation ${wish.to}`;
    case 'text':
      return wish.title;
    default:
      return wish satisfies never;
  }
}
