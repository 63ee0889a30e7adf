import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { PkgError } from '../../error.ts';
import type { Unit } from '../units/unit-files.ts';
import type { UnitKeeper } from '../units/unit-keeper.ts';
import { systemctl, tellSystemd } from './ask.ts';
import { socketUnit } from './socket.ts';
import { SYSTEMD_FOLDER, unitPath } from './unit.ts';
import { serviceUnit } from './words.ts';

/** Tells systemd about units of ours in its folder. */
export const systemdKeeper: UnitKeeper = {
  verify,
  async readAgain() {
    await tellSystemd(['daemon-reload'], { timeoutMs: 90_000 });
  },
  async forget(name) {
    if (fs.existsSync(unitPath(name))) await tellSystemd(['disable', serviceUnit(name)]);
    await forgetSocket(name);
    // Without this a unit that has failed stays listed after its file is gone; there may be nothing to reset.
    await systemctl(['reset-failed', serviceUnit(name)]);
  },
  isEnabled: (name) =>
    fs.lstatSync(path.join(SYSTEMD_FOLDER, 'multi-user.target.wants', serviceUnit(name)), { throwIfNoEntry: false }) !==
    undefined,
  async enable(name, yes) {
    await tellSystemd([yes ? 'enable' : 'disable', serviceUnit(name)]);
  },
};

/** It may be there from a version that had one. */
async function forgetSocket(name: string): Promise<void> {
  const socket = socketUnit(serviceUnit(name));
  if (!fs.existsSync(socketUnit(unitPath(name)))) return;
  await tellSystemd(['stop', socket]);
}

/** In a folder of its own, so that nothing has been touched when systemd says no. */
async function verify(units: readonly Unit[]): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-units-'));
  try {
    const files = units
      .flatMap((unit) => unit.files)
      .filter(({ path: file }) => path.dirname(file) === SYSTEMD_FOLDER)
      .flatMap(({ path: file, text }) => {
        if (text === null) return [];
        const copy = path.join(folder, path.basename(file));
        fs.writeFileSync(copy, text);
        return [copy];
      });
    const { execa } = await import('execa');
    const run = await execa('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', ...files], {
      reject: false,
      stdin: 'ignore',
      all: true,
      env: { LC_ALL: 'C.UTF-8' },
      timeout: 60_000,
    });
    if (run.exitCode === 0) return;
    const reason = (run.all === '' ? run.shortMessage : run.all)?.replaceAll(`${folder}/`, '') ?? '';
    throw new PkgError(
      'service-failed',
      `systemd does not accept ${units.map(({ name }) => name).join(', ')}: ${reason}`,
      {
        hint: 'fix the service in bundle.json, build, try again',
      },
    );
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
