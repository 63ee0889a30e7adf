import path from 'node:path';
import type { Launch } from '../../model/index.ts';
import { rootOf, type UnitFile, unitMark } from '../units/unit-files.ts';
import { plainText, serviceUnit } from './words.ts';

/**
 * The socket that systemd listens on for a service, so that connections wait while it is restarted. Without `socket`
 * there must be no such file: systemd would go on holding the port.
 */
export function socketFile(launch: Launch, unitFile: string): UnitFile {
  const { name, service } = launch;
  const file = unitFile.replace(/\.service$/, '.socket');
  if (service.socket === undefined) return { path: file, text: null, mode: 0o644 };
  const root = rootOf(launch);
  const text = `${unitMark(root)}
[Unit]
Description=${plainText(`${name.bundle}: the socket of ${name.service} (${root})`)}

[Socket]
ListenStream=${plainText(service.socket)}
NoDelay=yes

[Install]
WantedBy=sockets.target
`;
  return { path: file, text, mode: 0o644 };
}

/** `NAME.socket` for `NAME.service`. */
export function socketUnit(service: string): string {
  return service.replace(/\.service$/, '.socket');
}

/** The units that make up the service, the socket first: what is stopped must not be started by a connection. */
export function unitsToStop({ unit, service }: Launch): readonly string[] {
  return service.socket === undefined ? [serviceUnit(unit)] : [socketUnit(serviceUnit(unit)), serviceUnit(unit)];
}

/** The lines by which the service gets the socket, and is never up without it. */
export function socketLines({ service }: Launch, serviceUnitName: string): readonly string[] {
  if (service.socket === undefined) return [];
  const unit = path.basename(socketUnit(serviceUnitName));
  return [`Requires=${unit}`, `After=${unit}`];
}

/** Whether the next instance takes over the socket of the former, which then must not be stopped before. */
export function takesSocketOver(former: Launch, next: Launch): boolean {
  const { manager, socket } = next.service;
  return (
    manager === 'systemd' &&
    former.service.manager === 'systemd' &&
    former.unit === next.unit &&
    socket !== undefined &&
    former.service.socket === socket
  );
}
