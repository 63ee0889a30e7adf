import { PkgError } from '../../error.ts';
import { layoutOf, openRoot, readPolicy } from '../../store/index.ts';
import { readCurrent } from '../facts/read-current.ts';
import { keptGeneration } from '../look/name-generation.ts';
import type { Session } from '../session.ts';
import { changePolicy } from './change-policy.ts';

export type Tags = Readonly<Record<string, number>>;

/** The tags of a root: name -> generation. */
export function readTags(root: string): Tags {
  return openRoot(root) === null ? {} : readPolicy(layoutOf(root)).tags;
}

/** Names a generation, by default the live one, which is then never collected. */
export function tag(name: string, word: string | null, session: Session): Promise<Tags> {
  refuseBadName(name);
  return changePolicy(session, (policy, layout) => {
    const generation = word === null ? readCurrent(layout) : keptGeneration(session.root, word);
    if (generation === null) {
      throw new PkgError('no-such-generation', `cannot tag ${name}: nothing is installed in ${session.root}`, {
        hint: 'pkg install FILE',
      });
    }
    const tags = { ...policy.tags, [name]: generation.number };
    return { answer: tags, policy: { ...policy, tags } };
  });
}

/** Removes a tag; the generation stays until gc finds that it is no longer kept. */
export function untag(name: string, session: Session): Promise<Tags> {
  return changePolicy(session, (policy) => {
    if (!Object.hasOwn(policy.tags, name))
      throw new PkgError('no-such-generation', `there is no tag '${name}'`, { hint: 'pkg tag lists them' });
    const tags = Object.fromEntries(Object.entries(policy.tags).filter(([other]) => other !== name));
    return { answer: tags, policy: { ...policy, tags } };
  });
}

/** A tag that looks like a number or an option could never be used. */
function refuseBadName(name: string): void {
  if (/^[A-Za-z_][\w.-]*$/.test(name)) return;
  throw new PkgError('usage', `'${name}' cannot be a tag: a letter first, then letters, digits, . _ or -`);
}
