import { PkgError } from '../error.ts';
import { type Launch, type RunRecord, type Service, serviceTitle } from '../model/index.ts';

/** How requests find the instance that shall answer them, while two of them run side by side. */
export type Traffic = {
  /** From now on new connections reach `to`. */
  move(from: RunRecord, to: RunRecord): Promise<void>;
  /** New connections reach `from` again, whether or not they were ever moved. */
  putBack(from: RunRecord, to: RunRecord): Promise<void>;
};

/** The adapter that the newer declaration asks for. */
export function trafficOf({ name, service }: Launch): Traffic {
  const { adapter } = service.traffic ?? {};
  if (adapter === undefined) return BY_THEMSELVES;
  const found = ADAPTERS[adapter];
  if (found !== undefined) return found;
  throw new PkgError('service-failed', `cannot move the traffic of ${serviceTitle(name)}: no adapter ${adapter}`);
}

/** Both instances listen where requests come in, or something in front of them tries both ports: nothing to move. */
const BY_THEMSELVES: Traffic = {
  async move() {},
  async putBack() {},
};

const ADAPTERS: Readonly<Partial<Record<NonNullable<Service['traffic']>['adapter'], Traffic>>> = {};
