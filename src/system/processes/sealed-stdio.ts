import type { StdioOptions } from 'node:child_process';
import fs from 'node:fs';

type Entry = Extract<StdioOptions, readonly unknown[]>[number];

/**
 * `stdio` for a child that shall have these descriptors and no others. What Node opens is closed by itself, and what
 * this program was started with only up to the first gap in the numbers: a descriptor of a wrapper beyond it (its lock,
 * the pipe of a CI job) would go on into every child, and a daemon would hold it for ever. Such ones become /dev/null.
 */
export function sealedStdio(entries: readonly Entry[]): Entry[] {
  const inherited = inheritedDescriptors().filter((descriptor) => descriptor >= entries.length);
  const stdio: Entry[] = [...entries];
  for (let next = entries.length; next <= Math.max(-1, ...inherited); next++) {
    stdio.push(inherited.includes(next) ? nothing() : 'ignore');
  }
  return stdio;
}

const CLOSE_ON_EXEC = 0o2000000;

function inheritedDescriptors(): readonly number[] {
  return fs
    .readdirSync('/proc/self/fd')
    .map(Number)
    .filter((descriptor) => !isClosedOnExec(descriptor));
}

function isClosedOnExec(descriptor: number): boolean {
  try {
    const flags = /^flags:\s+(\d+)$/m.exec(fs.readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8'))?.[1];
    return (Number.parseInt(flags ?? '0', 8) & CLOSE_ON_EXEC) !== 0;
  } catch {
    // The descriptor by which the folder itself was read.
    return true;
  }
}

let devNull: number | null = null;

function nothing(): number {
  devNull ??= fs.openSync('/dev/null', 'r+');
  return devNull;
}
