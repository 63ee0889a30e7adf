import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../../error.ts';
import { removeTree, syncFolder, writeDurably } from '../../system/index.ts';
import type { UnitKeeper } from '../units/unit-keeper.ts';
import { isKeptWithin, isServed, servedAt, sv } from './ask.ts';
import { RUNIT_DEFINITIONS, RUNIT_SERVICES } from './run.ts';

/** Lets runsvdir know of service folders of ours, and lets them go. */
export const runitKeeper: UnitKeeper = {
  // A shell script has no mistakes to find before it runs: it is quoted throughout, and the program is looked at before.
  verify: () => Promise.resolve(),
  async readAgain(there) {
    for (const name of there) await serve(name);
  },
  async forget(name) {
    const folder = path.join(RUNIT_DEFINITIONS, name);
    fs.rmSync(servedAt(name), { force: true });
    if (!fs.existsSync(folder)) return;
    await sv(['exit'], folder);
    if (!(await isKeptWithin(10_000, folder, ({ state }) => state === 'unserved'))) {
      throw new PkgError('service-failed', `cannot let go of ${folder}: its runsv does not end`);
    }
    removeTree(folder);
  },
  isEnabled: (name) => fs.existsSync(path.join(RUNIT_DEFINITIONS, name, 'run')) && !fs.existsSync(downFile(name)),
  async enable(name, yes) {
    if (yes) fs.rmSync(downFile(name), { force: true });
    else writeDurably(downFile(name), '');
    syncFolder(path.join(RUNIT_DEFINITIONS, name));
  },
};

/** runsv starts what it finds at once, unless `down` is there: starting is a step of its own. */
async function serve(name: string): Promise<void> {
  const folder = path.join(RUNIT_DEFINITIONS, name);
  const link = servedAt(name);
  if (!isLinkTo(link, folder)) {
    writeDurably(downFile(name), '');
    fs.mkdirSync(RUNIT_SERVICES, { recursive: true });
    fs.symlinkSync(folder, link);
    syncFolder(RUNIT_SERVICES);
  }
  // A recovery before runsvdir leaves it to find everything as it should be; otherwise it looks every five seconds.
  if (!isServed() || (await isKeptWithin(15_000, link, ({ state }) => state !== 'unserved'))) return;
  throw new PkgError('service-failed', `no runsvdir took up ${link}`, {
    hint: `see what runsvdir does with it: sv status ${link}`,
  });
}

function isLinkTo(link: string, folder: string): boolean {
  try {
    return fs.readlinkSync(link) === folder;
  } catch {
    return false;
  }
}

function downFile(name: string): string {
  return path.join(RUNIT_DEFINITIONS, name, 'down');
}
