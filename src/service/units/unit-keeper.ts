import { runitKeeper } from '../runit/keeper.ts';
import { systemdKeeper } from '../systemd/keeper.ts';
import type { Unit, UnitManager } from './unit-files.ts';

/** How a manager is told about its units; none of it starts or stops a service. */
export type UnitKeeper = {
  /** Throws with the reason when it would not accept them; asked before anything is in place. */
  verify(units: readonly Unit[]): Promise<void>;
  /** After files came, changed or went. `there` are those that came or changed, by name. */
  readAgain(there: readonly string[]): Promise<void>;
  /** Before the files of a unit go. */
  forget(name: string): Promise<void>;
  /** Whether it comes up after a boot. */
  isEnabled(name: string): boolean;
  enable(name: string, yes: boolean): Promise<void>;
};

/** Who reads the units of this manager. */
export function keeperOf(manager: UnitManager): UnitKeeper {
  return KEEPERS[manager];
}

const KEEPERS: Readonly<Record<UnitManager, UnitKeeper>> = { systemd: systemdKeeper, runit: runitKeeper };
