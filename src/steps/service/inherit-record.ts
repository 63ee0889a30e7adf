import type { Launch, RunRecord } from '../../model/index.ts';
import { keeperOf, recordOf, unitOf, writeRecord } from '../../service/index.ts';

/** Before a service starts under a new name: it comes up after a boot, or does not, as it did under the old one. */
export async function inheritRecord(former: RunRecord, launch: Launch): Promise<void> {
  const { enabled } = former;
  writeRecord(launch.runFile, { ...recordOf(launch, null), enabled });
  const unit = unitOf(launch);
  if (unit === null) return;
  const keeper = keeperOf(unit.manager);
  if (keeper.isEnabled(unit.name) !== enabled) await keeper.enable(unit.name, enabled);
}
