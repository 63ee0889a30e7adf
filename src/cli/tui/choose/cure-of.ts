import type { Refusal } from '../../../model/index.ts';
import type { Offer } from '../../../operations/choose/offers.ts';
import type { Picked } from './state.ts';

/** The choice that a refusal says would be possible, where all of it can be had here; null = it says nothing of the kind. */
export function cureOf({ hint }: Refusal, offers: readonly Offer[], files: ReadonlyMap<string, string>) {
  const [, line] = /: pkg (?:install|downgrade(?: --force)?) (\S.*)$/.exec(hint ?? '') ?? [];
  if (line === undefined) return null;
  const picks = new Map<string, Picked>();
  const words = line.split(' ');
  for (const [at, word] of words.entries()) {
    if (word === '--remove') continue;
    const [name, pick] = words[at - 1] === '--remove' ? [word, REMOVE] : pickFor(word, offers, files);
    if (pick === null) return null;
    picks.set(name, pick);
  }
  return picks;
}

const REMOVE: Picked = { kind: 'remove' };

/** `web-2.0.0.tgz`, as a whole path, or `web@2.0.0`. `files` has the word by which each path was given. */
function pickFor(
  word: string,
  offers: readonly Offer[],
  files: ReadonlyMap<string, string>,
): readonly [name: string, pick: Picked | null] {
  const file = files.get(word);
  const [name = '', version] = word.split('@');
  for (const offer of offers) {
    const to = offer.versions.find((one) =>
      file === undefined ? offer.name === name && one.version === version : one.file === file,
    );
    if (to !== undefined) return [offer.name, { kind: 'version', to }];
  }
  return [name, null];
}
