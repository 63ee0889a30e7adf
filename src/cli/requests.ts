import path from 'node:path';
import { PkgError } from '../error.ts';
import { quoted, type Request } from '../model/index.ts';
import type { Order } from '../operations/change/change.ts';
import { nameGeneration } from '../operations/look/name-generation.ts';
import type { Options } from './command.ts';
import { givenSettings } from './given-settings.ts';
import { listOption, splitWords } from './options.ts';
import { configPolicy, limitsOf, overridesOf } from './overrides.ts';
import { previewClients } from './preview-clients.ts';

/** The verbs that change the set of bundles; `pkg VERB …` runs one, `pkg plan VERB …` shows it. */
export const VERBS = ['install', 'upgrade', 'downgrade', 'remove', 'autoremove', 'rollback'] as const;

export type Verb = (typeof VERBS)[number];

type Asker = { readonly root: string; readonly command: string };

/** The words and options of a changing command as an order for the one road of changes. */
export function orderFor(verb: Verb, words: readonly string[], options: Options, { root, command }: Asker): Order {
  const { files, names } = splitWords(words);
  const common = {
    command,
    overrides: overridesOf(options),
    config: configPolicy(options),
    limits: limitsOf(options),
    ...givenSettings(options),
    ...previewClients(options),
  };
  const order = (request: (digests: readonly string[]) => Request): Order => ({
    // `-` stays: it becomes a file once stdin was read.
    files: files.map((file) => (file === '-' ? file : path.resolve(file))),
    sums: listOption(options, 'sha256'),
    request,
  });
  switch (verb) {
    case 'install': {
      if (words.length === 0) throw missing(verb, 'a file or name to install');
      const remove = listOption(options, 'remove');
      return order((digests) => ({ ...common, kind: verb, digests, names, remove }));
    }
    case 'upgrade':
      noFiles(verb, files);
      return order(() => ({ ...common, kind: verb, names: names.map(({ name }) => name) }));
    case 'downgrade':
      if (words.length === 0) throw missing(verb, 'a file or NAME@VERSION to downgrade to');
      return order((digests) => ({ ...common, kind: verb, digests, names, remove: listOption(options, 'remove') }));
    case 'remove': {
      noFiles(verb, files);
      const all = options['all'] === true;
      if (words.length === 0 && !all) throw missing(verb, 'the name of a bundle to remove, or --all');
      const flags = {
        cascade: options['cascade'] === true,
        unused: options['unused'] === true,
        purge: options['purge'] === true,
        stop: options['stop'] === true,
      };
      return order(() => ({ ...common, ...flags, kind: verb, all, names: names.map(({ name }) => name) }));
    }
    case 'autoremove':
      return order(() => ({ ...common, kind: verb, purge: options['purge'] === true, stop: options['stop'] === true }));
    case 'rollback': {
      const generation = words[0] === undefined ? null : nameGeneration(root, words[0]);
      return order(() => ({ ...common, kind: verb, generation, exact: options['exact'] === true }));
    }
    default:
      return verb satisfies never;
  }
}

/** Whoever names a file for an upgrade means to install it, and for a removal what came out of it. */
function noFiles(verb: Verb, files: readonly string[]): void {
  if (files.length === 0) return;
  const names = files.map((file) => /^(.+?)-\d+\.\d+\.\d+.*\.tgz$/.exec(path.basename(file))?.[1] ?? 'NAME');
  throw new PkgError('usage', `${verb} takes names, not files: ${files.map(quoted).join(' ')}`, {
    hint: verb === 'remove' ? `pkg remove ${names.join(' ')}` : `pkg install ${files.map(quoted).join(' ')}`,
  });
}

function missing(verb: Verb, what: string): PkgError {
  return new PkgError('usage', `missing ${what}`, { hint: `pkg ${verb} --help` });
}
