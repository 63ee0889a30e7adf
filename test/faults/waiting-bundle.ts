import fs from 'node:fs';
import path from 'node:path';
import { makeBundle } from '../crash/make-bundle.ts';
import { effectsOf, type Place } from '../crash/place.ts';
import { type Started, startProgram } from '../crash/program.ts';
import { until } from '../support/until.ts';

/** A bundle whose preinstall waits until it is let go, so that the program can be disturbed while it runs. */
export function makeWaitingBundle(place: Place, name: string): Promise<string> {
  const wait = `while [ "$1" = install ] && [ ! -e ${goFile(place)} ]; do sleep 0.02; done`;
  const script = `case \${0##*/} in preinstall) ${wait} ;; esac`;
  return makeBundle(place, { name, version: '1.0.0', script });
}

/** Lets the hook that waits, and all later ones, go on. */
export function letGo(place: Place): void {
  fs.writeFileSync(goFile(place), '');
}

/** Starts a change of the place and comes back while its first hook waits. */
export async function startAndWait(place: Place, ...words: readonly string[]): Promise<Started> {
  const before = effectsOf(place).length;
  const started = startProgram(place.program, ['--root', place.root, '--yes', ...words]);
  await untilHook(place, before);
  return started;
}

/** Comes back when a hook has run since there were `before` effects. */
export function untilHook(place: Place, before: number): Promise<void> {
  return until('a hook runs', () => effectsOf(place).length > before);
}

function goFile({ outside }: Place): string {
  return path.join(outside, 'go');
}
