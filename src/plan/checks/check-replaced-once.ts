import { type Plan, sameService, serviceTitle } from '../../model/index.ts';
import { refuseOne } from '../target.ts';

/** The replaced instance keeps one of the two ports until COMMIT, so one change can replace a service only once. */
export function checkReplacedOnce({ steps }: Plan): ReturnType<typeof refuseOne> | null {
  const replaced = steps.flatMap((step) => (step.kind === 'replace-service' ? [step.service.name] : []));
  const twice = replaced.find((name, at) => replaced.slice(0, at).some((before) => sameService(before, name)));
  if (twice === undefined) return null;
  return refuseOne(
    'no-path',
    `the way leads over versions that replace ${serviceTitle(twice)} one after the other, which one change cannot do`,
    'install one version after the other: pkg plan … --why shows the versions on the way',
  );
}
