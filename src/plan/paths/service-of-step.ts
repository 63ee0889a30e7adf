import {
  parseServiceName,
  SERVICE_VERBS,
  type ServiceName,
  type UpgradeEntry,
  upgradeVerb,
} from '../../model/index.ts';
import type { Member } from '../member.ts';

type UpgradeStep = UpgradeEntry['steps'][number];

/** The live service that a declared step is about; null for programs, checks and maintenance. */
export function serviceOfStep(step: UpgradeStep, describer: Member): ServiceName | null {
  const verb = upgradeVerb(step);
  if (verb === null) return null;
  const word = step[verb];
  if (typeof word !== 'string') return null;
  const name = parseServiceName(word, describer.id.name);
  if (SERVICE_VERBS.includes(verb)) return name;
  // `{ "migrate": "web" }` is told to the service `web`, `db/server` to that of a dependency; `bin/migrate` is a program.
  const isOwn = name.bundle === describer.id.name && describer.manifest.services?.[name.service] !== undefined;
  const isOther = word.includes('/') && Object.hasOwn(describer.manifest.depends ?? {}, name.bundle);
  return verb === 'migrate' && (isOwn || isOther) ? name : null;
}
