import { serviceTitle } from '../../model/index.ts';
import { keeperOf, recordOf, unitOf, writeRecord } from '../../service/index.ts';
import { launchOf } from '../../steps/index.ts';
import type { Session } from '../session.ts';
import type { Ended } from '../settled.ts';
import { changeServices, chosenServices, type Place, type ServiceOrder } from './change.ts';
import type { LiveService } from './live.ts';

/** Decides whether services start after a boot; what runs now is not touched. */
export function enableServices(order: ServiceOrder, enabled: boolean, session: Session): Promise<Ended> {
  return changeServices(
    (place) => chosenServices(order, place),
    (service, place) => setEnabled(service, enabled, place),
    session,
  );
}

async function setEnabled({ name, at, record }: LiveService, enabled: boolean, place: Place): Promise<boolean> {
  const { layout, session, note } = place;
  const { home, node } = session;
  const word = enabled ? 'enabled' : 'disabled';
  const known = record ?? { ...recordOf(await launchOf(layout, at, { home, node }), null), enabled: false };
  const unit = unitOf(known.launch);
  // Whoever keeps units may have been told by others, too.
  const isNow = unit === null ? known.enabled : keeperOf(unit.manager).isEnabled(unit.name);
  if (isNow === enabled && known.enabled === enabled) {
    note(`${serviceTitle(name)} is ${word} already`);
    return false;
  }
  if (session.dryRun) {
    note(`${serviceTitle(name)} would be ${word}`);
    return false;
  }
  if (unit !== null) await keeperOf(unit.manager).enable(unit.name, enabled);
  writeRecord(layout.runRecord(name), { ...known, enabled });
  note(`${serviceTitle(name)} is ${word}`);
  return true;
}
