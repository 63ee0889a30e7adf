import type { JSONPath } from 'jsonc-parser';
import type { Manifest } from '../../model/index.ts';

/** Every file of the bundle that somebody starts once it is there: all but hooks, which say for themselves what is wrong. */
export function startedFiles(manifest: Manifest): readonly string[] {
  const own = ownPrograms(manifest).map(({ file }) => file);
  const files = new Set([...Object.values(manifest.bin ?? {}), ...own]);
  return [...files].filter((file) => !file.startsWith('pkg:'));
}

/** A program of the bundle itself, and where the manifest names it. */
export type OwnProgram = { readonly path: JSONPath; readonly file: string };

/** Commands of checks, services and upgrade paths whose first word is a path of the bundle: relative, with a slash, without a value. */
export function ownPrograms(manifest: Manifest): readonly OwnProgram[] {
  const commands: { readonly path: JSONPath; readonly word: unknown }[] = [];
  for (const [at, check] of (manifest.checks ?? []).entries())
    commands.push({ path: ['checks', at, 'run', 0], word: check.run[0] });
  for (const [name, service] of Object.entries(manifest.services ?? {})) {
    for (const key of ['start', 'status'] as const)
      commands.push({ path: ['services', name, key, 0], word: firstWord(service[key]) });
    commands.push({ path: ['services', name, 'control'], word: service.control });
    for (const key of ['stop', 'reload', 'ready'] as const)
      commands.push({ path: ['services', name, key, 'command', 0], word: firstWord(service[key]?.command) });
  }
  for (const direction of ['up', 'down'] as const) {
    for (const [at, entry] of (manifest.upgrade?.[direction] ?? []).entries()) {
      for (const [n, step] of entry.steps.entries()) {
        // `in: old` names a program of the other version, which is not here
        if (step['in'] === 'old') continue;
        for (const verb of ['check', 'prepare', 'backup', 'run', 'migrate', 'undo']) {
          if (verb === 'migrate' && isService(step[verb], manifest)) continue;
          commands.push({ path: ['upgrade', direction, at, 'steps', n, verb], word: firstWord(step[verb]) });
        }
      }
    }
  }
  return commands.flatMap(({ path, word }) => (isOwnProgram(word) ? [{ path, file: word }] : []));
}

function firstWord(command: unknown): unknown {
  return Array.isArray(command) ? command[0] : command;
}

function isOwnProgram(word: unknown): word is string {
  return typeof word === 'string' && word.includes('/') && !word.startsWith('/') && !word.includes('${');
}

function isService(word: unknown, manifest: Manifest): boolean {
  if (typeof word !== 'string') return false;
  const [bundle = '', service] = word.split('/');
  if (service === undefined) return Object.hasOwn(manifest.services ?? {}, word);
  return bundle === manifest.name || Object.hasOwn(manifest.depends ?? {}, bundle);
}
