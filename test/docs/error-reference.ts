import { CODES, EXIT } from '../../src/error.ts';

/** The sections, in the order an operator meets them. */
const SECTIONS: readonly (readonly [exit: number, title: string])[] = [
  [EXIT.usage, 'Exit 2: wrong use'],
  [EXIT.refused, 'Exit 3: refused, nothing was touched'],
  [EXIT.locked, 'Exit 4: the lock is busy'],
  [EXIT.needsRecovery, 'Exit 5: something is left to do'],
  [EXIT.archive, 'Exit 6: the archive is not acceptable'],
  [EXIT.gate, 'Exit 7: a check said no, everything was undone'],
  [EXIT.failed, 'Exit 1: failed, everything was undone'],
  [130, 'Exit 130 and 143: interrupted'],
];

/** Every code of the program, by exit number: what it means and what to do. */
export function errorReference(): string {
  const codes = Object.entries(CODES);
  const forgotten = codes.filter(([, { exit }]) => !SECTIONS.some(([known]) => known === exit));
  if (forgotten.length > 0) throw new Error(`no section for the exit number of ${forgotten.join(', ')}`);
  return SECTIONS.map(([exit, title]) => {
    const entries = codes.filter(([, entry]) => entry.exit === exit);
    return [`## ${title}`, ...entries.map(([code, entry]) => section(code, entry))].join('\n\n');
  }).join('\n\n');
}

function section(code: string, { means, todo }: (typeof CODES)[keyof typeof CODES]): string {
  return `### ${code}\n\n${means}\n\nTo do: ${todo}`;
}
