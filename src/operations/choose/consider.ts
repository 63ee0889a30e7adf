import type { Decision } from '../../model/index.ts';
import { decide } from '../../plan/index.ts';
import type { Order } from '../change/change.ts';
import { gatherFacts } from '../facts/gather-facts.ts';
import type { Session } from '../session.ts';
import type { GivenArchive } from './open-given.ts';

/** Decides an order without carrying it out. Writes nothing and takes no lock, so it may be called at any time. */
export type Consider = (order: Pick<Order, 'files' | 'request'>) => Decision;

/**
 * Reads once what is live, kept and given, and decides every order from that. What a plan takes from the given
 * archives without having been ordered is listed among its archives.
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
