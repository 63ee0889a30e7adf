import type { RunRecord } from '../../model/index.ts';
import { serviceTitle } from '../../model/index.ts';

/** The whole environment of an instance: whose it is can be read there, and no transaction. */
export function serviceEnvironment({ launch, instance }: RunRecord): Readonly<Record<string, string>> {
  const env = Object.entries(launch.env).filter(([name]) => name !== 'PKG_TRANSACTION');
  return {
    ...Object.fromEntries(env),
    PKG_SERVICE: serviceTitle(launch.name),
    ...(instance === null ? {} : { PKG_INSTANCE: instance }),
  };
}
