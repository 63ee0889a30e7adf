import { membersOnDisk, readInstalled } from './installed.ts';
import { orderServices } from './service-order.ts';
import { wordsFor } from './service-words.ts';

/** Every word by which a service of the live generation can be named; nothing where that cannot be read. */
export async function knownServices(root: string): Promise<readonly string[]> {
  try {
    return wordsFor(orderServices(await membersOnDisk(readInstalled(root))).map((name) => ({ name })));
  } catch {
    return [];
  }
}
