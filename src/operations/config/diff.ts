import path from 'node:path';
import { readEntry } from '../../config/index.ts';
import { PkgError } from '../../error.ts';
import type { Generation } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import { readInstalled } from '../facts/installed.ts';
import { entryText } from './entry-text.ts';
import { findConfig, notInstalled } from './list.ts';
import { patchOf } from './patch.ts';
import { secretsOf } from './secrets-of.ts';
import { type ConfigState, shippedFolder } from './states.ts';

/** What differs in one file; `patch` is null where a side is no text that can be shown. */
export type ConfigDiff = Pick<ConfigState, 'bundle' | 'file' | 'path' | 'state'> & { readonly patch: string | null };

/**
 * What the operator changed compared with what was shipped; for a file beside another, compared with that one. Secrets
 * that were filled in are shown as ***.
 */
export async function diffConfig(root: string, words: readonly string[]): Promise<readonly ConfigDiff[]> {
  const { layout, generation } = readInstalled(root);
  if (generation === null) {
    const [name] = words;
    if (name !== undefined) throw notInstalled(name);
    return [];
  }
  const states =
    words.length > 0
      ? findConfig(words, layout, generation)
      : Object.keys(generation.config).flatMap((name) => findConfig([name], layout, generation));
  const changed = states.filter(({ state }) => state !== 'as-shipped');
  const hidden = new Map<string, readonly string[]>();
  for (const name of new Set(changed.map(({ bundle }) => bundle))) {
    const { values, lostIn } = await secretsOf(name, layout);
    if (lostIn !== null) throw secretsLost(name, lostIn);
    hidden.set(name, values);
  }
  return Promise.all(changed.map((one) => difference(one, hidden.get(one.bundle) ?? [], layout, generation)));
}

async function difference(
  state: ConfigState,
  secrets: readonly string[],
  layout: Layout,
  generation: Generation,
): Promise<ConfigDiff> {
  const { bundle, file } = state;
  const revision = generation.config[bundle] ?? '';
  const now = path.join(layout.configRevision(bundle, revision), file);
  const beside = /^(.*)\.pkg-(?:new|old|merged|edited-\d+)(?:\.\d+)?$/s.exec(file)?.[1];
  const other =
    state.state === 'waiting' && beside !== undefined
      ? path.join(layout.configRevision(bundle, revision), beside)
      : path.join(shippedFolder(layout, bundle, revision), file);
  const [before, after] = [other, now].map((place) => entryText(readEntry(place)));
  const title = `etc/${bundle}/${state.state === 'waiting' ? (beside ?? file) : file}`;
  const titles =
    state.state === 'waiting' ? [title, `etc/${bundle}/${file}`] : [`${title} (shipped)`, `${title} (now)`];
  const patch = await patchOf(titles, { before: before ?? null, after: after ?? null, secrets });
  return { bundle, file, path: state.path, state: state.state, patch };
}

function secretsLost(name: string, number: number): PkgError {
  return new PkgError(
    'root-damaged',
    `the settings of ${name} in generation ${number} are lost, and with them what of its files is secret`,
    {
      hint: `pkg verify --all --repair; where no other generation has them: pkg settings set ${name} KEY=VALUE, then pkg gc --keep 1`,
    },
  );
}
