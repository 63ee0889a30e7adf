import type { Decision } from '../../model/index.ts';
import { decide } from '../../plan/index.ts';
import type { Order } from '../change/change.ts';
import { gatherFacts } from '../facts/gather-facts.ts';
import type { Session } from '../session.ts';
import type { GivenArchive } from './open-given.ts';

/** Says what would come of an order. It writes nothing and takes no lock, so it may be asked as often as one likes. */
export type Consider = (order: Pick<Order, 'files' | 'request'>) => Decision;

/**
 * Reads once what is live, kept and given; from then on every order is decided from that. What a plan takes from the
 * archives given without having been ordered stands among its archives.
 */
export async function openConsider(given: readonly GivenArchive[], session: Session): Promise<Consider> {
  const opened = given.map((one) => one.opened);
  const facts = await gatherFacts(session, opened);
  const digests = new Map(opened.map(({ file, id }) => [file, id.digest]));
  return ({ files, request }) => {
    const offered = files.flatMap((file) => digests.get(file) ?? []);
    return decide(request(offered), { ...facts, offered });
  };
}
