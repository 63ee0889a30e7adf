import type { Paint } from '../../views/paint.ts';
import { serviceLines } from '../../views/service-text.ts';
import type { Room } from '../home/room.ts';
import { cut } from '../list/cut.ts';
import { listRows } from '../list/list.ts';
import { shownServices, titleOf } from './reduce.ts';
import type { Services } from './state.ts';

/** The services as `pkg service status` tells them, in exactly `room` rows. */
export function servicesLines(services: Services, { room, columns }: Room, ink: Paint): readonly string[] {
  const shown = shownServices(services);
  const lines = new Map(serviceLines(shown).map((line, at) => [shown[at], line]));
  const rows = listRows(services.list, shown, room - 1, (service, isHere) => {
    const text = cut(`${isHere ? '>' : ' '} ${lines.get(service) ?? titleOf(service)}`, columns);
    if (service.state === 'dead' || service.state === 'foreign') return ink.red(text);
    if (service.runningVersion !== null && service.runningVersion !== service.installedVersion) return ink.yellow(text);
    return isHere ? ink.bold(text) : text;
  });
  return [...(shown.length === 0 ? rows.with(0, emptyWords(services)) : rows), question(services, ink)];
}

function emptyWords({ all, list }: Services): string {
  if (all === null) return 'one moment: asking how the services stand';
  return list.filter === ''
    ? 'no services are installed'
    : `no service has '${list.filter}' in its name; Esc shows all`;
}

function question({ asked }: Services, ink: Paint): string {
  if (asked === null) return '';
  return ink.yellow(`y  ${asked.deed}s ${asked.service}: who uses it will notice; any other key leaves it alone`);
}
