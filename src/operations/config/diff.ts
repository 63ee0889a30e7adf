import path from 'node:path';
import { readEntry } from '../../config/index.ts';
import { type Generation, SECRET } from '../../model/index.ts';
import { generationNumbers, type Layout, readSettings } from '../../store/index.ts';
import { readInstalled, storedManifest } from '../facts/installed.ts';
import { entryText } from './entry-text.ts';
import { findConfig } from './list.ts';
import { type ConfigState, shippedFolder } from './states.ts';

/** What differs in one file; `patch` is null where a side is no text that can be shown. */
export type ConfigDiff = Pick<ConfigState, 'bundle' | 'file' | 'path' | 'state'> & { readonly patch: string | null };

/**
 * What the operator changed against what was shipped, and for a side that lies beside a file, against that file. Secrets
 * that were filled in are shown as ***.
 */
export async function diffConfig(root: string, words: readonly string[]): Promise<readonly ConfigDiff[]> {
  const { layout, generation } = readInstalled(root);
  if (generation === null) return [];
  const states =
    words.length > 0
      ? findConfig(words, layout, generation)
      : Object.keys(generation.config).flatMap((name) => findConfig([name], layout, generation));
  const changed = states.filter(({ state }) => state !== 'as-shipped');
  const hidden = new Map<string, readonly string[]>();
  for (const name of new Set(changed.map(({ bundle }) => bundle))) {
    hidden.set(name, await secretsOf(name, layout, generation));
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
  const patch =
    typeof before === 'string' && typeof after === 'string'
      ? masked(await unified(titles, before, after), secrets)
      : null;
  return { bundle, file, path: state.path, state: state.state, patch };
}

async function unified([a = '', b = '']: readonly string[], before: string, after: string): Promise<string> {
  const { createTwoFilesPatch, FILE_HEADERS_ONLY } = await import('diff');
  return createTwoFilesPatch(a, b, before, after, '', '', { headerOptions: FILE_HEADERS_ONLY }).trimEnd();
}

/** Every value that a secret of the bundle has or had in a generation that is kept. */
async function secretsOf(name: string, layout: Layout, generation: Generation): Promise<readonly string[]> {
  const bundle = generation.bundles.find((one) => one.name === name);
  if (bundle === undefined) return [];
  const { settings } = await storedManifest(layout, bundle);
  const keys = Object.entries(settings ?? {}).filter(([, setting]) => setting.secret === true);
  const values = generationNumbers(layout).flatMap((number) => {
    const known = readSettings(layout, number)[name] ?? {};
    return keys.map(([key, setting]) => String(known[key] ?? setting.default ?? ''));
  });
  // The longest first: one may be the beginning of another.
  return [...new Set(values)].filter((value) => value !== '').toSorted((a, b) => b.length - a.length);
}

function masked(text: string, secrets: readonly string[]): string {
  return secrets.reduce((shown, secret) => shown.replaceAll(secret, SECRET), text);
}
