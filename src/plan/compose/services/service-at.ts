import { type ServiceAt, type ServiceName, serviceTitle } from '../../../model/index.ts';
import type { Leg, Touch } from '../leg.ts';

/** The service as it was before the switch. */
export function beforeOf({ name, before, after }: Touch, { facts, leaving }: Leg): ServiceAt {
  const member = before ?? after;
  if (member === null) throw new Error(`${serviceTitle(name)} is on neither side`);
  const isRenamed = leaving.some((one) => one.member === before);
  const former: ServiceName = isRenamed ? { bundle: member.id.name, service: name.service } : name;
  return { name: former, bundle: member.id, generation: facts.current?.number ?? facts.nextGeneration };
}

/** The service as it is after the switch. */
export function afterOf({ name, before, after }: Touch, { facts }: Leg): ServiceAt {
  const member = after ?? before;
  if (member === null) throw new Error(`${serviceTitle(name)} is on neither side`);
  return { name, bundle: member.id, generation: facts.nextGeneration };
}
