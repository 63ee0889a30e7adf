import fs from 'node:fs';
import { PkgError } from '../../error.ts';
import { systemctl, tellSystemd, unitState } from './ask.ts';

/** A unit of the distribution as it was before a service took its place. */
export type Superseded = { readonly unit: string; readonly wasActive: boolean; readonly wasEnabled: boolean };

/** How these units of the distribution are now; those that are not there are left out. */
export async function lookAtSuperseded(units: readonly string[]): Promise<readonly Superseded[]> {
  // Without systemd nothing has started them.
  if (units.length === 0 || !fs.existsSync('/run/systemd/system')) return [];
  const found = await Promise.all(units.map(lookAt));
  return found.filter((one) => one !== null);
}

async function lookAt(unit: string): Promise<Superseded | null> {
  const { load, active, file } = await unitState(unit);
  if (load === 'not-found') return null;
  const wasActive = ['active', 'activating', 'reloading'].includes(active);
  // Units made of scripts in /etc/init.d: whether those are enabled is seen in /etc/rc?.d.
  const isScript = file === 'generated';
  return { unit, wasActive, wasEnabled: isScript ? (await systemctl(['is-enabled', unit])).ok : file === 'enabled' };
}

/** Stops and disables them: two of the same service on one port are one too many. Masked they are not. */
export async function supersede(units: readonly Superseded[]): Promise<void> {
  for (const { unit, wasActive, wasEnabled } of units) {
    if (wasActive) await tellSystemd(['stop', unit], { timeoutMs: 120_000 });
    if (wasEnabled) await tellSystemd(['disable', unit]);
  }
}

/** Gives them back as they were; one that cannot be is named after the others were. */
export async function giveBack(units: readonly Superseded[]): Promise<void> {
  const failures: string[] = [];
  for (const { unit, wasActive, wasEnabled } of units.toReversed()) {
    const verbs = [...(wasEnabled ? ['enable'] : []), ...(wasActive ? ['start'] : [])];
    for (const verb of verbs) {
      const said = await systemctl([verb, unit], { timeoutMs: 120_000 });
      if (!said.ok) failures.push(`systemctl ${verb} ${unit}: ${said.text}`);
    }
  }
  if (failures.length === 0) return;
  throw new PkgError('service-failed', `cannot give back a unit of the distribution: ${failures.join('; ')}`);
}
