import { lastRun, type Recorded } from '../faults/programme/last-run.ts';

/** Kind of a part -> what fails, in the order of the page. */
const KINDS: Readonly<Record<string, string>> = {
  kill: 'SIGKILL at a call, before it, after it, and in the middle of a write',
  call: 'the same at a call of the C library: also inside `rm` and `cp`, and in programs that `pkg` starts',
  service: 'SIGKILL at a call, in an upgrade of what runs',
  double: 'SIGKILL in the change, and again in its recovery',
  errno: 'a call fails with ENOSPC, EDQUOT, EIO, EROFS, EMFILE or EACCES, once or from then on',
  refusal: 'the same at a call of the C library, those that open a file to read it included',
  live: 'a call fails, in an upgrade of what runs',
  power: 'the power is cut',
  signal: 'a signal at any moment; an ssh connection that is cut',
  race: 'two to eight changes of one root at once',
  history: '25 random operations each, some killed, against a model',
  damage: 'every file of a root removed, cut in half, one bit flipped; every link led astray',
  archive: 'hostile and odd archives, given to the program',
  hook: 'hooks that misbehave',
  bound: 'a hook that prints a gigabyte, an archive of a gigabyte',
};

/** How much of the programme was run the last time, part by part. */
export function reliabilityReference(): string {
  const parts = Object.entries(lastRun());
  const rows = Object.entries(KINDS).flatMap(([kind, what]) => {
    const of = parts.filter(([name]) => name.split('-')[0] === kind);
    return of.length === 0 ? [] : [row(what, kind, of)];
  });
  const unknown = parts.filter(([name]) => KINDS[name.split('-')[0] ?? ''] === undefined);
  if (unknown.length > 0)
    throw new Error(`docs/reliability.md has no line for ${unknown.map(([name]) => name).join()}`);
  const head = ['| what fails | where: tried of all points | tried | wrong |', '|---|---|---|---|'];
  return [...head, ...rows, '', last(parts.map(([, recorded]) => recorded))].join('\n');
}

function row(what: string, kind: string, parts: readonly (readonly [string, Recorded])[]): string {
  const where = parts.map(
    ([name, { tried, points }]) => `${name.slice(kind.length + 1) || 'all'} ${tried} of ${points}`,
  );
  return `| ${what} | ${where.join(', ')} | ${sum(parts, 'tried')} | ${sum(parts, 'wrong')} |`;
}

function last(recorded: readonly Recorded[]): string {
  const days = [...new Set(recorded.map(({ day }) => day))].toSorted();
  const builds = new Set(recorded.map(({ build }) => build)).size;
  const of = builds === 1 ? 'one build' : `${builds} builds, each part with one of them`;
  return `Run on ${days.join(', ')}, of ${of}. The points that were tried are drawn evenly from all.`;
}

function sum(parts: readonly (readonly [string, Recorded])[], key: 'tried' | 'wrong'): number {
  return parts.reduce((total, [, recorded]) => total + recorded[key], 0);
}
