import { PkgError } from '../error.ts';
import { isRange, type NameRange, nearestWord } from '../model/index.ts';
import { layoutOf, openRoot, readPolicy, writePolicy } from '../store/index.ts';
import { readCurrent } from './read-current.ts';
import type { Session } from './session.ts';
import { withLock } from './with-lock.ts';

export type Pins = Readonly<Record<string, string>>;

/** The pins of a root: bundle name -> range it must stay in. */
export function readPins(root: string): Pins {
  return openRoot(root) === null ? {} : readPolicy(layoutOf(root)).pins;
}

/** Holds bundles at a range, or at the version they have now. */
export function pin(words: readonly NameRange[], session: Session): Promise<Pins> {
  return withLock(session, async (layout) => {
    const installed = readCurrent(layout)?.bundles ?? [];
    const policy = readPolicy(layout);
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
    if (!session.dryRun) writePolicy(layout, { ...policy, pins });
    return pins;
  });
}

/** Lets bundles move again; answers the names that were pinned. */
export function unpin(names: readonly string[], session: Session): Promise<readonly string[]> {
  return withLock(session, async (layout) => {
    const policy = readPolicy(layout);
    const held = names.filter((name) => policy.pins[name] !== undefined);
    const pins = Object.fromEntries(Object.entries(policy.pins).filter(([name]) => !names.includes(name)));
    if (held.length > 0 && !session.dryRun) writePolicy(layout, { ...policy, pins });
    return held;
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
