import type { FileEntry } from '../../model/index.ts';
import { endOfLink } from '../archive/resolve-link.ts';
import { ruleText } from '../archive/rules.ts';
import type { SourceEntry, SourceProblem } from '../folder/collect-files.ts';
import { tableBreaches } from '../manifest/file-table.ts';

/** What the tree itself may not hold, by the same rules that a reader will apply; pairs such as Pod/pod are a warning. */
export function checkEntries(entries: readonly SourceEntry[]): {
  readonly problems: readonly SourceProblem[];
  readonly warnings: readonly string[];
} {
  const table = entries.map(asTableEntry);
  const breaches = [...tableBreaches(table)];
  return {
    problems: breaches.map((breach) => ({ path: breach.entry ?? '', message: `${ruleText(breach)} (${breach.rule})` })),
    warnings: [...casePairs(entries), ...deadLinks(table)],
  };
}

function asTableEntry(entry: SourceEntry): FileEntry {
  if (entry.type === 'file') return { path: entry.path, type: 'file', mode: '0644', size: 0, sha256: '' };
  if (entry.type === 'directory') return { path: entry.path, type: 'directory', mode: '0755' };
  return { path: entry.path, type: 'symlink', mode: '0777', target: entry.target };
}

/** Legal in an archive, and refused where it is installed: nothing can ever be put there. */
function deadLinks(table: readonly FileEntry[]): readonly string[] {
  const byPath = new Map(table.map((entry) => [entry.path, entry]));
  return table.flatMap((entry) => {
    const end = entry.type === 'symlink' ? endOfLink(entry, byPath) : null;
    return end === null || end === '' || byPath.has(end)
      ? []
      : [`'${entry.path}' is a link that leads nowhere: ${end}`];
  });
}

function casePairs(entries: readonly SourceEntry[]): readonly string[] {
  const warnings: string[] = [];
  const seen = new Map<string, string>();
  for (const { path } of entries) {
    const folded = path.normalize('NFC').toLowerCase();
    const twin = seen.get(folded);
    if (twin !== undefined)
      warnings.push(`'${twin}' and '${path}' differ only in case: not every file system can hold both`);
    seen.set(folded, path);
  }
  return warnings;
}
