import { membersOnDisk, readInstalled } from '../facts/installed.ts';
import { orderServices } from './order.ts';
import { wordsFor } from './words.ts';

/** Every word by which a service of the live generation can be named; none if it cannot be read. */
export async function knownServices(root: string): Promise<readonly string[]> {
  try {
    return wordsFor(orderServices(await membersOnDisk(readInstalled(root))).map((name) => ({ name })));
  } catch {
    return [];
  }
}
