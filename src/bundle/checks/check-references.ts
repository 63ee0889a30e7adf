import type { JSONPath } from 'jsonc-parser';
import { type Manifest, nearestWord } from '../../model/index.ts';
import type { SourceEntry } from '../folder/collect-files.ts';
import type { Problem } from '../manifest/manifest-source.ts';

type Entries = ReadonlyMap<string, SourceEntry>;

/** Paths in the manifest that name nothing in the bundle, or something that cannot be what it is named for. */
export function checkReferences(manifest: Manifest, byPath: Entries): readonly Problem[] {
  const files = [
    ...Object.entries(manifest.bin ?? {}).map(([name, file]) => ({ path: ['bin', name], file, runs: true })),
    ...(manifest.config ?? []).map((config, at) => ({ path: ['config', at, 'path'], file: config.path, runs: false })),
    ...Object.entries(manifest.links ?? {}).map(([at, file]) => ({ path: ['links', at], file, runs: false })),
    ...programs(manifest),
  ];
  return [...files.flatMap((named) => fileProblems(named, byPath)), ...configTwice(manifest)];
}

type Named = { readonly path: JSONPath; readonly file: string; readonly runs: boolean };

function fileProblems({ path, file, runs }: Named, byPath: Entries): readonly Problem[] {
  const entry = byPath.get(file.replace(/\/$/, ''));
  if (entry === undefined) {
    const near = nearestWord(file, [...byPath.keys()]);
    const hint = near === null ? {} : { hint: `did you mean '${near}'?` };
    return [{ path, at: 'value', message: `there is no '${file}' in the bundle`, ...hint }];
  }
  if (entry.type === 'directory' && path[0] !== 'links')
    return [{ path, at: 'value', message: `'${file}' is a directory` }];
  if (!runs || entry.type !== 'file' || entry.executable) return [];
  return [{ path, at: 'value', message: `'${file}' is not executable`, hint: `chmod +x ${file}` }];
}

/** Commands whose first word is a path of the bundle: relative, with a slash, without a value. */
function programs(manifest: Manifest): readonly Named[] {
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
  return commands.flatMap(({ path, word }) => (isOwnProgram(word) ? [{ path, file: word, runs: true }] : []));
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

// `etc/` is taken off: both would be the same file below current/etc/NAME
function configTwice(manifest: Manifest): readonly Problem[] {
  const seen = new Map<string, string>();
  return (manifest.config ?? []).flatMap(({ path }, at) => {
    const live = path.replace(/^etc\//, '');
    const twin = seen.get(live);
    seen.set(live, path);
    if (twin === undefined) return [];
    const message = `'${path}' and '${twin}' would be the same configuration file`;
    return [{ path: ['config', at, 'path'], at: 'value' as const, message }];
  });
}
