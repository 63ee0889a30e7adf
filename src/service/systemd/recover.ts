import fs from 'node:fs';
import path from 'node:path';
import type { Launch } from '../../model/index.ts';
import { isForeign, rootOf, type Unit, unitMark } from '../units/unit-files.ts';
import { sealed } from '../units/unit-seal.ts';
import { recoverName, SYSTEMD_FOLDER, unitPath } from './unit.ts';
import { commandLine, plainText, serviceUnit } from './words.ts';

/** How pkg is started again: the Node that runs it, and its program. */
export type Ourselves = { readonly node: string; readonly program: string };

/**
 * The unit that every root with units has: after a boot it recovers the root before any of them comes up. What recovery
 * starts itself, because another manager keeps it, outlives the unit.
 */
export function recoverUnit(launch: Launch, { node, program }: Ourselves): Unit {
  const root = rootOf(launch);
  const name = recoverName(launch);
  const text = `${unitMark(root)}
[Unit]
Description=${plainText(`finish or undo an interrupted change of ${root}`)}
After=network.target

[Service]
Type=oneshot
ExecStart=${commandLine([node, program, 'recover', '--root', root])}
KillMode=process
TimeoutStartSec=15min

[Install]
WantedBy=multi-user.target
`;
  const file = sealed({ path: unitPath(name), text, mode: 0o644 });
  return { manager: 'systemd', name, root, isEnabled: true, files: [file] };
}

/** Whether units of this root will be left beside these. */
export function areOthersLeft(leaving: readonly Unit[], root: string): boolean {
  const names = new Set(leaving.map(({ name }) => serviceUnit(name)));
  return fs
    .readdirSync(SYSTEMD_FOLDER)
    .filter((name) => name.startsWith('pkg-') && name.endsWith('.service') && !names.has(name))
    .some((name) => !isForeign({ root, files: [{ path: path.join(SYSTEMD_FOLDER, name) }] }));
}
