import { PkgError } from '../../error.ts';
import { isRange, type NameRange, nearestWord } from '../../model/index.ts';
import { layoutOf, openRoot, readPolicy } from '../../store/index.ts';
import { readCurrent } from '../facts/read-current.ts';
import { knownWords } from '../look/known-words.ts';
import type { Session } from '../session.ts';
import { changePolicy } from './change-policy.ts';

export type Pins = Readonly<Record<string, string>>;

/** The pins of a root: bundle name -> range it must stay in. */
export function readPins(root: string): Pins {
  return openRoot(root) === null ? {} : readPolicy(layoutOf(root)).pins;
}

/** Holds bundles at a range, or at the version they have now. */
export async function pin(words: readonly NameRange[], session: Session): Promise<Pins> {
  for (const { name } of words) refuseBadName(name);
  const held = await changePolicy(session, (policy, layout) => {
    const installed = readCurrent(layout)?.bundles ?? [];
    const pins = { ...policy.pins };
    for (const { name, range } of words) {
      const version = installed.find((bundle) => bundle.name === name)?.version;
      if (range !== null && !isRange(range)) {
        throw new PkgError('usage', `'${range}' is not a version range`, {
          hint: `pkg pin ${name}@${version ?? '^1.2'}`,
        });
      }
      if (range === null && version === undefined) throw notInstalled(name, installed);
      pins[name] = range ?? version ?? '*';
    }
    return { answer: pins, policy: { ...policy, pins } };
  });
  noteUnknown(words, session);
  return held;
}

/** No bundle can have such a name. */
function refuseBadName(name: string): void {
  if (/^[a-z0-9][a-z0-9._+-]*$/.test(name)) return;
  throw new PkgError('usage', `'${name}' cannot be the name of a bundle`, {
    hint: 'a name is made of a-z 0-9 . _ + - and begins with a letter or digit',
  });
}

/** Allowed, because the bundle may come later; but the name may also be mistyped. */
function noteUnknown(words: readonly NameRange[], { root, tell }: Session): void {
  const { versions, installed } = knownWords(root);
  for (const { name } of words) {
    if (versions.has(name) || installed.has(name)) continue;
    tell({ event: 'warning', message: `no bundle ${name} is installed or kept here; the pin holds once one comes` });
  }
}

/** Lets bundles move again; returns the names that were pinned. */
export function unpin(names: readonly string[], session: Session): Promise<readonly string[]> {
  return changePolicy(session, (policy) => {
    const held = names.filter((name) => Object.hasOwn(policy.pins, name));
    const pins = Object.fromEntries(Object.entries(policy.pins).filter(([name]) => !names.includes(name)));
    return { answer: held, policy: held.length === 0 ? policy : { ...policy, pins } };
  });
}

function notInstalled(name: string, installed: readonly { readonly name: string }[]): PkgError {
  const near = nearestWord(
    name,
    installed.map((bundle) => bundle.name),
  );
  return new PkgError('not-installed', `cannot pin ${name} at its version: it is not installed`, {
    hint: near === null ? `name the range: pkg pin ${name}@RANGE` : `did you mean ${near}?`,
  });
}
