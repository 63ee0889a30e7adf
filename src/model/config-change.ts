/** Names that are only on the one side, on both but not the same, only on the other; each list sorted. */
export type ChangedNames = {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
};

/** What a service is told when it is to read its configuration again: names, and never a value. */
export type ConfigChange = { readonly files: ChangedNames; readonly settings: ChangedNames };

/** Compares by name. Pure. */
export function changedNames<T>(before: Readonly<Record<string, T>>, after: Readonly<Record<string, T>>): ChangedNames {
  const inOrder = (names: readonly string[]): readonly string[] => names.toSorted();
  return {
    added: inOrder(Object.keys(after).filter((name) => !Object.hasOwn(before, name))),
    changed: inOrder(Object.keys(after).filter((name) => Object.hasOwn(before, name) && before[name] !== after[name])),
    removed: inOrder(Object.keys(before).filter((name) => !Object.hasOwn(after, name))),
  };
}

/** The same on the way back. */
export function changedBack({ files, settings }: ConfigChange): ConfigChange {
  const back = ({ added, changed, removed }: ChangedNames): ChangedNames => ({
    added: removed,
    changed,
    removed: added,
  });
  return { files: back(files), settings: back(settings) };
}

/** All its names, sorted. */
export function namesOf({ added, changed, removed }: ChangedNames): readonly string[] {
  return [...added, ...changed, ...removed].toSorted();
}

/** A configuration file that is not as a service has read it; `patch` is null where a side is no text. Holds no secret. */
export type ChangedFile = {
  readonly file: string;
  readonly change: 'added' | 'changed' | 'removed';
  readonly patch: string | null;
};
