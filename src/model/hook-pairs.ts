/** Ready-made hooks that undo each other; the rest of the library changes nothing and needs no undo. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['create-user', 'remove-user'],
  ['link-data', 'unlink-data'],
  ['monit-unmonitor', 'monit-monitor'],
  ['leave-balancer', 'join-balancer'],
  ['maintenance-on', 'maintenance-off'],
];

/** `pkg:leave-balancer` -> `pkg:join-balancer`; null for hooks that have nothing to undo. */
export function oppositeHook(entry: string): string | null {
  const name = entry.replace(/^pkg:/, '');
  const pair = PAIRS.find((names) => names.includes(name));
  if (pair === undefined) return null;
  return `pkg:${pair[0] === name ? pair[1] : pair[0]}`;
}

/** Where a hook entry lies in its bundle: `pkg:NAME` was copied to `hooks/pkg/NAME` at build. */
export function hookPath(entry: string): string {
  return entry.startsWith('pkg:') ? `hooks/pkg/${entry.slice('pkg:'.length)}` : entry;
}
