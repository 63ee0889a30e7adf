import path from 'node:path';
import type { Launch } from '../../model/index.ts';
import { parseDuration } from '../../system/index.ts';
import { serviceEnvironment } from '../process/service-environment.ts';
import { readRecord, recordOf } from '../run-record.ts';
import { rootOf, type Unit, unitMark } from '../units/unit-files.ts';
import { sealed } from '../units/unit-seal.ts';
import { socketFile, socketLines } from './socket.ts';
import { commandLine, environmentText, plainText, serviceUnit } from './words.ts';

/** Where units of the machine's administrator lie: they come before those of the distribution. */
export const SYSTEMD_FOLDER = '/etc/systemd/system';

/** The unit of a service, and beside its record the variables, which may be secret and are not for every user to read. */
export function systemdUnit(launch: Launch): Unit {
  const record = recordOf(launch, readRecord(launch.runFile));
  return {
    manager: 'systemd',
    name: launch.unit,
    root: rootOf(launch),
    isEnabled: record.enabled,
    files: [
      sealed({ path: unitPath(launch.unit), text: renderUnit(launch), mode: 0o644 }),
      sealed({ path: variablesFile(launch), text: environmentText(serviceEnvironment(record)), mode: 0o600 }),
      sealed(socketFile(launch, unitPath(launch.unit))),
    ],
  };
}

/** `/etc/systemd/system/NAME.service` */
export function unitPath(name: string): string {
  return path.join(SYSTEMD_FOLDER, serviceUnit(name));
}

/** The unit that recovers the root before its services come up after a boot. */
export function recoverName({ unit, name }: Launch): string {
  const ofRoot = unit.slice('pkg'.length, -`-${name.bundle}-${name.service}`.length);
  return `pkg-recover${ofRoot}`;
}

/** The text of the unit: exact paths and no link through `current` that systemd would have to follow. */
export function renderUnit(launch: Launch): string {
  return `${unitMark(rootOf(launch))}
[Unit]
${unitSection(launch).join('\n')}

[Service]
${serviceSection(launch).join('\n')}

[Install]
WantedBy=multi-user.target
`;
}

function unitSection(launch: Launch): readonly string[] {
  const { name, version } = launch;
  const needed = neededUnits(launch);
  const root = rootOf(launch);
  return [
    `Description=${plainText(`${name.bundle} ${version}: ${name.service} (${root})`)}`,
    `After=network.target ${[recoverName(launch), ...needed].map(serviceUnit).join(' ')}`,
    ...needed.map((unit) => `Wants=${serviceUnit(unit)}`),
    ...socketLines(launch, serviceUnit(launch.unit)),
  ];
}

/** Another manager may keep what is needed; systemd passes over units that are not there. */
function neededUnits({ unit, name, service }: Launch): readonly string[] {
  const prefix = unit.slice(0, -`${name.bundle}-${name.service}`.length);
  return (service.needs ?? []).map((needed) => {
    const own = needed.includes('/') ? needed : `${name.bundle}/${needed}`;
    return `${prefix}${own.replace('/', '-')}`;
  });
}

function serviceSection(launch: Launch): readonly string[] {
  const { service, argv, cwd, log } = launch;
  const { user, group, stop = {} } = service;
  return [
    ...typeLines(launch),
    ...(argv.length === 0 ? [] : [`ExecStart=${commandLine(argv)}`]),
    ...reloadLines(launch),
    ...(stop.command === undefined ? [] : [`ExecStop=${commandLine(within(cwd, stop.command))}`]),
    `WorkingDirectory=${plainText(cwd)}`,
    `EnvironmentFile=${plainText(variablesFile(launch))}`,
    ...(service.reload?.command === undefined ? [] : [`EnvironmentFile=-${plainText(newsFile(launch))}`]),
    ...(user === undefined ? [] : [`User=${plainText(user)}`]),
    ...(group === undefined ? [] : [`Group=${plainText(group)}`]),
    `KillSignal=${stop.signal ?? 'SIGTERM'}`,
    // The main process is asked to stop; what it leaves behind is killed.
    'KillMode=mixed',
    `TimeoutStopSec=${parseDuration(stop.timeout ?? '30s')}ms`,
    'Restart=on-failure',
    'RestartSec=500ms',
    `StandardOutput=append:${plainText(log)}`,
    'StandardError=inherit',
  ];
}

/** `exec` and not `simple`: a program that cannot be run at all is then a failed start. */
function typeLines({ service: { forks, notify, pidFile, ready }, cwd }: Launch): readonly string[] {
  const deadline = `TimeoutStartSec=${parseDuration(ready?.timeout ?? '30s')}ms`;
  // Shell scripts say it by systemd-notify, which is a process of its own.
  if (notify === true) return ['Type=notify', 'NotifyAccess=all', deadline];
  if (forks !== true) return ['Type=exec'];
  return [
    'Type=forking',
    ...(pidFile === undefined ? [] : [`PIDFile=${plainText(path.resolve(cwd, pidFile))}`]),
    deadline,
  ];
}

function reloadLines({ service: { reload }, cwd }: Launch): readonly string[] {
  if (reload?.command !== undefined) return [`ExecReload=${commandLine(within(cwd, reload.command))}`];
  if (reload?.signal === undefined) return [];
  return [`ExecReload=/bin/kill -s ${reload.signal.replace(/^SIG/, '')} $MAINPID`];
}

/** A path is one inside the bundle; a bare name systemd looks up itself. */
function within(cwd: string, [program = '', ...words]: readonly string[]): readonly string[] {
  return [program.includes('/') ? path.resolve(cwd, program) : program, ...words];
}

/** What its reload command is told; systemd reads the variables right before it runs a command. */
export function newsFile({ runFile }: Launch): string {
  return runFile.replace(/\.json$/, '.news.env');
}

function variablesFile({ runFile }: Launch): string {
  return runFile.replace(/\.json$/, '.env');
}
