import { type KnownWords, knownWords } from '../operations/look/known-words.ts';
import type { Source } from './complete.ts';

/** Words about the root for completion; `web@` goes on with the versions of web. */
export function completionSource(root: string): Source {
  return async (kind, word) => {
    switch (kind) {
      case 'bundle':
        return word.includes('@') ? versionWords(knownWords(root), word) : bundleWords(knownWords(root));
      case 'left':
        return new Map(knownWords(root).left.map((name) => [name, 'removed, something is left behind']));
      case 'service':
        return serviceWords(root);
      case 'generation':
        return generationWords(knownWords(root));
      case 'tag':
        return new Map(
          Object.entries(knownWords(root).tags).map(([tag, number]) => [tag, `generation ${number}`] as const),
        );
      case 'transaction':
        return new Map(knownWords(root).transactions.map((id) => [String(id), `transaction ${id}`]));
      case 'window':
        return new Map(knownWords(root).windows.map((name) => [name, '']));
      case 'listener':
        return new Map(knownWords(root).listeners.map((name) => [name, '']));
      case 'setting':
        return settingWords(root, word);
      case 'command':
        return new Map(knownWords(root).commands.map((command) => [command, '']));
      case 'template': {
        const { TEMPLATES } = await import('../operations/init/templates.ts');
        return new Map(Object.entries(TEMPLATES).map(([name, { shows }]) => [name, shows]));
      }
      default:
        return kind satisfies never;
    }
  };
}

async function serviceWords(root: string): Promise<ReadonlyMap<string, string>> {
  const { knownServices } = await import('../operations/service/known.ts');
  return new Map((await knownServices(root)).map((word) => [word, '']));
}

async function settingWords(root: string, bundle: string): Promise<ReadonlyMap<string, string>> {
  const { listSettings } = await import('../operations/settings/list.ts');
  // Who may not read the answers types by heart.
  const { settings } = await listSettings(root, bundle).catch(() => ({ settings: [] }));
  return new Map(settings.map(({ key, prompt }) => [key, prompt ?? '']));
}

function bundleWords({ versions, installed }: KnownWords): ReadonlyMap<string, string> {
  const names = [...new Set([...installed.keys(), ...versions.keys()])].toSorted();
  return new Map(names.map((name) => [name, installed.get(name) ?? 'kept']));
}

function versionWords({ versions, installed }: KnownWords, word: string): ReadonlyMap<string, string> {
  const name = word.slice(0, word.indexOf('@'));
  return new Map(
    [...(versions.get(name) ?? [])].map((version) => [
      `${name}@${version}`,
      installed.get(name) === version ? 'installed' : 'kept',
    ]),
  );
}

function generationWords({ generations, tags }: KnownWords): ReadonlyMap<string, string> {
  return new Map([
    ...generations.map((number) => [String(number), `generation ${number}`] as const),
    ...Object.entries(tags).map(([tag, number]) => [tag, `generation ${number}`] as const),
  ]);
}
