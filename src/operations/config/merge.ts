import fs from 'node:fs';
import path from 'node:path';
import { bytesOf, digest, freeName, mergeTexts, readEntry } from '../../config/index.ts';
import { PkgError } from '../../error.ts';
import type { Generation } from '../../model/index.ts';
import { configRevisions, type Layout, layoutOf, openRoot } from '../../store/index.ts';
import { syncFolder, writeDurably } from '../../system/index.ts';
import { readCurrent } from '../facts/read-current.ts';
import type { ConfigConflict, ConflictAnswer, Session } from '../session.ts';
import { withLock } from '../with-lock.ts';
import { findConfig } from './list.ts';
import type { ConfigState } from './states.ts';

/** How a waiting file was settled. */
export type MergedConfig = {
  readonly path: string;
  readonly took: 'yours' | 'new' | 'merged';
  /** The name under which the text no longer in use is kept; null if nothing was replaced. */
  readonly keptAs: string | null;
};

const NEW = '.pkg-new';

/**
 * Settles one file that an earlier change left waiting: the new one is taken, deleted, or merged with the one in use.
 * The text that it replaces is kept as FILE.pkg-old; no service is told.
 */
export async function mergeConfig(
  words: readonly string[],
  take: 'keep' | 'new' | null,
  session: Session,
): Promise<MergedConfig> {
  // Without a root nothing waits, and none is made to find that out.
  if (openRoot(session.root) === null) findWaiting(words, layoutOf(session.root), null);
  return withLock(session, async (layout) => {
    const waiting = findWaiting(words, layout, readCurrent(layout));
    const answer = take ?? (await answerFor(waiting, session));
    return session.dryRun ? merged(waiting, answer, null) : settle(waiting, answer);
  });
}

/** A file and the new one beside it. */
type Waiting = {
  readonly state: ConfigState;
  readonly file: string;
  readonly beside: string;
  readonly conflict: ConfigConflict;
};

function findWaiting(words: readonly string[], layout: Layout, generation: Generation | null): Waiting {
  const asked = generation === null ? [] : findConfig(words, layout, generation);
  const all =
    generation === null
      ? []
      : findConfig(
          asked.slice(0, 1).map(({ bundle }) => bundle),
          layout,
          generation,
        );
  const state = all.find(
    (one) => one.file.endsWith(NEW) && asked.some(({ file }) => one.file === file || one.file === `${file}${NEW}`),
  );
  if (state === undefined) throw nothingWaits(words);
  const revision = generation?.config[state.bundle] ?? '';
  const beside = path.join(layout.configRevision(state.bundle, revision), state.file);
  const file = withoutNew(beside);
  return { state, file, beside, conflict: conflictOf(state, file, beside, layout) };
}

function conflictOf(state: ConfigState, file: string, beside: string, layout: Layout): ConfigConflict {
  const name = withoutNew(state.file);
  const theirs = readEntry(beside);
  // The base is the text shipped before: in this revision the new one already counts as shipped.
  const before = (configRevisions(layout).get(state.bundle) ?? [])
    .toReversed()
    .map((revision) => readEntry(path.join(layout.configShipped(state.bundle, revision), name)))
    .find((entry) => entry !== undefined && digest(entry) !== digest(theirs));
  return {
    file: `etc/${state.bundle}/${name}`,
    base: bytesOf(before),
    mine: bytesOf(readEntry(file)),
    theirs: bytesOf(theirs),
  };
}

/** Asks only if the texts do not merge by themselves. */
async function answerFor({ conflict }: Waiting, session: Session): Promise<ConflictAnswer> {
  const text = mergeTexts(conflict.base, conflict.mine, conflict.theirs);
  if (text !== null) return { merged: Buffer.from(text) };
  const answer = await session.askConflict(conflict);
  if (answer !== null) return answer;
  throw new PkgError('config-conflict', `${conflict.file} needs a decision, and nobody can be asked`, {
    hint: '--keep leaves yours in place, --new takes the one beside it',
  });
}

function settle(waiting: Waiting, answer: ConflictAnswer): MergedConfig {
  const { file, beside } = waiting;
  const folder = path.dirname(file);
  if (answer === 'keep') {
    fs.rmSync(beside);
    syncFolder(folder);
    return merged(waiting, answer, null);
  }
  const mine = readEntry(file);
  const keptAs = mine === undefined ? null : freeName(folder, `${path.basename(file)}.pkg-old`);
  // The present text gets a second name first, so that the file is never absent.
  if (keptAs !== null) fs.linkSync(file, path.join(folder, keptAs));
  if (answer === 'new') fs.renameSync(beside, file);
  else {
    writeDurably(file, answer.merged, mine?.mode ?? 0o644);
    if (mine !== undefined && process.getuid?.() === 0) fs.chownSync(file, mine.uid, mine.gid);
    fs.rmSync(beside);
  }
  syncFolder(folder);
  return merged(waiting, answer, keptAs);
}

function merged({ state }: Waiting, answer: ConflictAnswer, keptAs: string | null): MergedConfig {
  const took = typeof answer !== 'string' ? 'merged' : answer === 'keep' ? 'yours' : 'new';
  return { path: withoutNew(state.path), took, keptAs };
}

function withoutNew(name: string): string {
  return name.slice(0, -NEW.length);
}

function nothingWaits(words: readonly string[]): PkgError {
  return new PkgError('unknown-name', `no new version of ${words.join(' ')} waits to be merged`, {
    hint: 'pkg config list shows what waits',
  });
}
