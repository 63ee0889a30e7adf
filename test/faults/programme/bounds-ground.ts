import fs from 'node:fs';
import path from 'node:path';
import { examineRoot } from '../../crash/examine-root.ts';
import { makeBundle } from '../../crash/make-bundle.ts';
import { leave, makePlace, type Place, succeed } from '../../crash/place.ts';
import { startProgram } from '../../crash/program.ts';
import { installWith } from '../commit-misdeed.ts';
import { measured } from './measured.ts';
import type { Ground } from './part.ts';

const GIGABYTE = 1 << 30;
const LOGGED = 20 << 20;
const MEMORY = 400 << 20;

/** What is a gigabyte large: it takes its time, and neither memory nor disk beyond a bound. */
export async function prepareBounds(): Promise<Ground> {
  return {
    points: Object.keys(LARGE),
    async judge(point) {
      const place = makePlace('faults-bounds');
      try {
        return (await LARGE[point]?.(place)) ?? ['no such thing'];
      } finally {
        leave(place);
      }
    },
    leave() {},
  };
}

const LARGE: Readonly<Record<string, (place: Place) => Promise<readonly string[]>>> = {
  'a hook that prints a gigabyte': async (place) => {
    const run = await installWith(place, { lines: `head -c ${GIGABYTE} /dev/zero | tr '\\0' x`, timeout: '10m' });
    const folder = path.join(place.root, 'transactions/1/log');
    const logged = fs.readdirSync(folder).reduce((sum, name) => sum + fs.statSync(path.join(folder, name)).size, 0);
    return [
      ...(run.exit === 0 ? [] : [`ended with ${run.exit}: ${run.stderr.slice(0, 500)}`]),
      ...(logged < LOGGED ? [] : [`${logged} bytes of log`]),
      ...(run.stdout.length + run.stderr.length < LOGGED ? [] : ['it was all told']),
    ];
  },

  'an archive of a gigabyte': async (place) => {
    const large = path.join(place.folder, 'sources/large-1.0.0/large');
    fs.mkdirSync(path.dirname(large), { recursive: true });
    fs.writeFileSync(large, '');
    fs.truncateSync(large, GIGABYTE);
    const archive = await makeBundle(place, { name: 'large', version: '1.0.0' });
    const { run, peak } = await measured(
      startProgram(place.program, ['--root', place.root, '--yes', 'install', archive]),
      600,
    );
    await succeed(place, 'verify');
    return [
      ...(run.exit === 0 ? [] : [`ended with ${run.exit}: ${run.stderr}`]),
      ...(examineRoot(place.root).bundles.join() === 'large 1.0.0' ? [] : ['it is not live']),
      ...(peak > 0 && peak < MEMORY ? [] : [`it took ${peak} bytes of memory`]),
    ];
  },
};
