import type { JSONPath } from 'jsonc-parser';
import { type Manifest, nearestWord } from '../../model/index.ts';
import type { SourceEntry } from '../folder/collect-files.ts';
import type { Problem } from '../manifest/manifest-source.ts';
import { ownPrograms } from '../manifest/own-programs.ts';

type Entries = ReadonlyMap<string, SourceEntry>;

/** Paths in the manifest that name nothing in the bundle, or something that cannot be what it is named for. */
export function checkReferences(manifest: Manifest, byPath: Entries): readonly Problem[] {
  const files = [
    ...Object.entries(manifest.bin ?? {}).map(([name, file]) => ({ path: ['bin', name], file, runs: true })),
    ...(manifest.config ?? []).map((config, at) => ({ path: ['config', at, 'path'], file: config.path, runs: false })),
    ...Object.entries(manifest.links ?? {}).map(([at, file]) => ({ path: ['links', at], file, runs: false })),
    ...ownPrograms(manifest).map((named) => ({ ...named, runs: true })),
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
