import type { Facts } from '../model/index.ts';
import type { Prepared } from './prepared.ts';
import type { Session } from './session.ts';

/** The plan with what will become of edited configuration files. */
export async function foreseeConfig(
  planned: Omit<Prepared, 'merged'>,
  _facts: Facts,
  _session: Session,
): Promise<Prepared> {
  return { ...planned, merged: new Map() };
}
