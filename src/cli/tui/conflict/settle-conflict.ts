import { conflictDiff, isUndecided, markedMerge } from '../../../operations/config/conflict-texts.ts';
import type { ConfigConflict, ConflictAnswer } from '../../../operations/session.ts';
import { visible } from '../../harmless.ts';
import type { Conflict, ConflictKey } from '../change/state.ts';

/** What was taken, or why nothing was. */
export type Settled = { readonly taken: ConflictAnswer } | { readonly problem: string };

/** The conflict as the screen shows it. */
export async function shownConflict(conflict: ConfigConflict, problem: string | null): Promise<Conflict> {
  const diff = await conflictDiff(conflict);
  return { file: conflict.file, diff: diff === null ? null : diff.split('\n').map(visible), problem };
}

/** What a key means for a file; `edit` hands a text to the operator's editor. */
export async function settleConflict(
  key: ConflictKey,
  conflict: ConfigConflict,
  edit: (text: Buffer) => Promise<Buffer | string>,
): Promise<Settled> {
  if (key === 'keep' || key === 'new') return { taken: key };
  const text = key === 'merge' ? markedMerge(conflict) : conflict.mine;
  if (text === null) return { problem: 'it is not text and cannot be edited' };
  const written = await edit(text);
  if (typeof written === 'string') return { problem: written };
  if (isUndecided(written)) return { problem: 'it still has conflict marks; nothing was taken' };
  return { taken: { merged: written } };
}
