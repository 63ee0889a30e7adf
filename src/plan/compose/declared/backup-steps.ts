import type { Facts, Step } from '../../../model/index.ts';

/** Copies the data of a bundle when everything that writes there is stopped or suspended; deletes the copy after COMMIT. */
export function backupSteps(name: string, facts: Facts, timeout: string): readonly Step[] {
  const found = facts.dataFolders.get(name);
  const folder = found?.folder ?? `${facts.root}/data/${name}`;
  const copy = `${found?.copies.folder ?? `${facts.root}/data`}/.backup-${name}-${facts.nextGeneration}`;
  return [
    {
      kind: 'backup-data',
      phase: 'migrate-before',
      name,
      folder,
      copy,
      timeout,
      summary: `back up the data of ${name} to ${copy}`,
      undo: 'restore the data from it; what was written since is lost',
    },
    {
      kind: 'forget-backup',
      phase: 'clean',
      name,
      copy,
      summary: `delete the backup of the data of ${name}`,
      undo: 'cannot be undone: it runs after the change is final',
    },
  ];
}

/** Undo goes back over all hops or none, so only the first copy of each bundle is needed. */
export function firstBackups(steps: readonly Step[]): readonly Step[] {
  const copies = new Map<string, string>();
  for (const step of steps) {
    if (step.kind === 'backup-data' && !copies.has(step.name)) copies.set(step.name, step.copy);
  }
  return steps.filter(
    (step) => (step.kind !== 'backup-data' && step.kind !== 'forget-backup') || copies.get(step.name) === step.copy,
  );
}

/** What a restore would lose, to be known before the plan is accepted. */
export function backupNotes(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((step) =>
    step.kind === 'backup-data'
      ? [
          `if this is undone, the data of ${step.name} comes back from its backup; what was written since then would be lost`,
        ]
      : [],
  );
}
