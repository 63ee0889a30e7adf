import path from 'node:path';
import type { Launch } from '../../model/index.ts';
import { serviceEnvironment } from '../process/service-environment.ts';
import { readRecord, recordOf } from '../run-record.ts';
import { rootOf, type Unit, unitMark } from '../units/unit-files.ts';
import { sealed } from '../units/unit-seal.ts';

/** Where Debian keeps what services are; a link in the other folder makes runsvdir keep one. */
export const RUNIT_DEFINITIONS = '/etc/sv';

/** The folder that runsvdir serves. */
export const RUNIT_SERVICES = '/etc/service';

/** The two programs by which runsv starts a service and asks it to stop. They hold its variables, so only root reads them. */
export function runitUnit(launch: Launch): Unit {
  const folder = path.join(RUNIT_DEFINITIONS, launch.unit);
  return {
    manager: 'runit',
    name: launch.unit,
    root: rootOf(launch),
    isEnabled: recordOf(launch, readRecord(launch.runFile)).enabled,
    files: [
      sealed({ path: runPath(launch.unit), text: renderRun(launch), mode: 0o700 }),
      sealed({ path: path.join(folder, 'control', 't'), text: renderStop(launch), mode: 0o700 }),
    ],
  };
}

/** `/etc/sv/NAME/run` */
export function runPath(name: string): string {
  return path.join(RUNIT_DEFINITIONS, name, 'run');
}

/**
 * The program that becomes the service: nothing of the environment of runsvdir reaches it. In a session of its own: one
 * that ends its process group with itself (Apache) would take runsv along.
 */
export function renderRun(launch: Launch): string {
  return `${surroundings(launch)}exec /usr/bin/chpst -P ${asUser(launch)}${commandLine(launch.argv)}\n`;
}

/** runsv asks it before it would send SIGTERM itself, and from the folder of the service. */
function renderStop(launch: Launch): string {
  const { command, signal = 'SIGTERM' } = launch.service.stop ?? {};
  if (command !== undefined) return `${surroundings(launch)}exec ${asUser(launch)}${commandLine(command)}\n`;
  return `#!/bin/sh
${unitMark(rootOf(launch))}
read -r pid <supervise/pid && kill -s ${signal.replace(/^SIG/, '')} "$pid"
`;
}

function surroundings(launch: Launch): string {
  const { cwd, log } = launch;
  const env = Object.entries(serviceEnvironment(recordOf(launch, null)));
  return `#!/usr/bin/env -iS /bin/sh
${unitMark(rootOf(launch))}
${env.map(([name, value]) => `export ${name}=${quoteWord(value)}`).join('\n')}
exec >>${quoteWord(log)} 2>&1
cd ${quoteWord(cwd)} || exit 111
`;
}

function asUser({ service: { user, group } }: Launch): string {
  if (user === undefined && group === undefined) return '';
  return `/usr/bin/chpst -u ${quoteWord([user ?? 'root', ...(group === undefined ? [] : [group])].join(':'))} `;
}

function commandLine(argv: readonly string[]): string {
  return argv.map(quoteWord).join(' ');
}

/** Between single quotes nothing is special to a shell, but they themselves. */
function quoteWord(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
