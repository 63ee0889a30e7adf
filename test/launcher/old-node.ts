import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { beforeEach } from 'vitest';

const PLACES = ['/usr/bin/node', '/usr/local/bin/node'];

/** A real Node that is too old to run the program, where this machine has one. */
export const oldNode = PLACES.find((file) => existsSync(file) && majorOf(file) < 24) ?? '';

/** Inside a `describe`: skips its tests, with the reason, where the machine has no old Node. */
export function needsOldNode(): void {
  beforeEach((test) => {
    if (oldNode === '') test.skip(`needs a Node older than 24 as ${PLACES.join(' or ')}`);
  });
}

function majorOf(file: string): number {
  return Number(execFileSync(file, ['-p', 'process.versions.node.split(".")[0]'], { encoding: 'utf8' }));
}
