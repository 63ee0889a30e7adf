import { sameService, serviceTitle } from '../../model/index.ts';
import { serviceUnit } from '../../service/index.ts';
import type { LiveService } from '../service/live.ts';
import type { Session } from '../session.ts';
import { startBehind } from '../start-detached.ts';

/** One that has to wait, and for whom. */
type Behind = { readonly service: LiveService; readonly coming: readonly LiveService[] };

/** Which of these services can be started now, and which only behind others that the boot is about to start. */
export function byTheirTurn(services: readonly LiveService[]): {
  readonly now: readonly LiveService[];
  readonly behind: readonly Behind[];
} {
  const now: LiveService[] = [];
  const behind: Behind[] = [];
  // Those that others need come first.
  for (const service of services.filter(({ condition }) => !condition.isComing)) {
    const coming = services.filter((one) => one.condition.isComing && needs(service, one));
    const through = behind.filter((one) => needs(service, one.service)).flatMap((one) => one.coming);
    if (coming.length + through.length === 0) now.push(service);
    else behind.push({ service, coming: [...new Set([...coming, ...through])] });
  }
  return { now, behind };
}

/** Lets a recovery behind what is about to come start the rest; without systemd that is up to the operator. */
export function leaveToTheBoot(behind: readonly Behind[], session: Session): void {
  const coming = new Set(behind.flatMap((one) => one.coming));
  const [waiting, first] = [titles(behind.map(({ service }) => service)), titles([...coming])];
  const units = [...coming].flatMap(({ record }) => (record?.manager === 'systemd' ? [record.launch.unit] : []));
  const words = ['recover', '--root', session.root, '--wait'];
  if (units.length === coming.size && startBehind(units.map(serviceUnit), { words, title: waiting }, session)) {
    session.tell({ event: 'note', message: `${waiting} will be started behind ${first}, which the boot starts` });
    return;
  }
  const message = `${waiting} was not started: ${first}, which the boot starts, has to be there before; then run: pkg recover`;
  session.tell({ event: 'warning', message });
}

function needs(one: LiveService, other: LiveService): boolean {
  return one.needs.some((name) => sameService(name, other.name));
}

function titles(services: readonly LiveService[]): string {
  return services.map(({ name }) => serviceTitle(name)).join(', ');
}
