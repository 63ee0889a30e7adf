import fs from 'node:fs';

/** One measured run of dpkg: what was made to fail, and what it was left with. */
export type Row = {
  readonly scenario: string;
  readonly end: 'old' | 'new' | 'mixed' | 'broken';
  /** `a-2.preinst.upgrade`: package, version, script, action. */
  readonly fails: readonly string[];
};

/** The rows of dpkg-ends.txt. */
export function readRows(): readonly Row[] {
  const rows: Row[] = [];
  let scenario = '';
  for (const line of fs.readFileSync(new URL('./dpkg-ends.txt', import.meta.url), 'utf8').split('\n')) {
    const [, title] = /^\[(.*)\]$/.exec(line) ?? [];
    const [end = '', ...fails] = line.split(' ');
    if (title !== undefined) scenario = title;
    else if (isEnd(end)) rows.push({ scenario, end, fails });
  }
  return rows;
}

function isEnd(word: string): word is Row['end'] {
  return ['old', 'new', 'mixed', 'broken'].includes(word);
}
