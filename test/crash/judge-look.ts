import type { Look } from './scenarios.ts';

/** How everything looks before a change and after it, and which of the two must have come out. */
type Ends = { readonly before: Look; readonly after: Look; readonly isNew: boolean };

/** What differs from the one state that must have come out. */
export function judgeLook(look: () => Look, { before, after, isNew }: Ends): readonly string[] {
  let now: Look;
  try {
    now = look();
  } catch (error) {
    return [(error as Error).message];
  }
  const must = isNew ? after : before;
  const fresh = now.effects.slice(before.effects.length);
  return [
    ...(JSON.stringify(now.state) === JSON.stringify(must.state)
      ? []
      : [`state ${JSON.stringify(now.state)} instead of ${isNew ? 'new' : 'old'} ${JSON.stringify(must.state)}`]),
    ...differences('outside', must.outside, now.outside),
    ...(isNew ? judgeCommitted(fresh, after.effects.slice(before.effects.length)) : judgeUndone(fresh)),
    ...judgePaths(now.paths, must.paths),
  ];
}

/** Every hook ran, in order; those after COMMIT may have run twice. */
function judgeCommitted(fresh: readonly string[], expected: readonly string[]): readonly string[] {
  const once = fresh.filter((line, n) => !line.endsWith(' purge') || fresh.indexOf(line) === n);
  return JSON.stringify(once) === JSON.stringify(expected) ? [] : [`hooks: ${fresh.join(', ')}`];
}

const OPPOSITE: Readonly<Record<string, string>> = {
  preinstall: 'postremove',
  postinstall: 'preremove',
  preremove: 'postinstall',
  postremove: 'preinstall',
};

/** Every hook that ran has been answered by its opposite, in reverse order. An answer may be repeated, or lack its call. */
export function judgeUndone(fresh: readonly string[]): readonly string[] {
  const firstUndo = fresh.findIndex((line) => line.includes(' abort-'));
  const done = firstUndo === -1 ? fresh : fresh.slice(0, firstUndo);
  const answers = done.toReversed().map(opposite);
  let at = fresh.length;
  const missing = answers.toReversed().filter((answer) => {
    const found = fresh.lastIndexOf(answer, at - 1);
    if (found < done.length) return true;
    at = found;
    return false;
  });
  return missing.map((answer) => `hooks: ${answer} is missing or too early in: ${fresh.join(', ')}`);
}

function opposite(line: string): string {
  const [, bundle, hook = '', action] = /^(\S+) (\S+) (.*)$/.exec(line) ?? [];
  return `${bundle} ${OPPOSITE[hook]} abort-${action}`;
}

/** Nothing may be missing; what is left over is a generation that was live for a moment, or garbage of the old one. */
function judgePaths(now: readonly string[], must: readonly string[]): readonly string[] {
  const relevant = (name: string) => !/^(transactions\/|lock$|root\.json$)/.test(name);
  const left = now
    .filter((name) => /^(tmp|trash)\//.test(name) || isTemporary(name))
    .map((name) => `left over: ${name}`);
  const there = new Set(now);
  const gone = must.filter((name) => relevant(name) && !there.has(name)).map((name) => `gone: ${name}`);
  return [...left, ...gone];
}

/** Before there is a root, nobody can know whether another pkg is just making it. */
function isTemporary(name: string): boolean {
  return name.endsWith('.tmp') && !name.startsWith('.root.json.');
}

/** What one list of lines has and the other has not. */
export function differences(what: string, a: readonly string[], b: readonly string[]): readonly string[] {
  const [was, is] = [new Set(a), new Set(b)];
  return [
    ...a.filter((line) => !is.has(line)).map((line) => `${what}: was ${line}`),
    ...b.filter((line) => !was.has(line)).map((line) => `${what}: is ${line}`),
  ];
}
