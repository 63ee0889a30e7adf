/** One row of two columns; null = there is no such line on this side. */
export type Row = { readonly left: string | null; readonly right: string | null };

/** The lines of a unified diff as rows: what was taken out stands beside what came in its place. */
export function sideBySide(diff: readonly string[]): readonly Row[] {
  const rows: Row[] = [];
  let [taken, added]: [string[], string[]] = [[], []];
  const flush = (): void => {
    for (let at = 0; at < Math.max(taken.length, added.length); at++) {
      rows.push({ left: taken[at] ?? null, right: added[at] ?? null });
    }
    [taken, added] = [[], []];
  };
  for (const line of diff) {
    if (/^(?:---|\+\+\+) /.test(line) || line.startsWith('\\')) continue;
    // A line that is taken out after others came in begins something new.
    if (line.startsWith('-') && added.length > 0) flush();
    if (line.startsWith('-')) taken.push(line.slice(1));
    else if (line.startsWith('+')) added.push(line.slice(1));
    else {
      flush();
      const text = line.startsWith('@@') ? line : line.slice(1);
      rows.push({ left: text, right: text });
    }
  }
  flush();
  return rows;
}
