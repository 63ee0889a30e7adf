import { PkgError } from '../error.ts';
import { type Service, type ServiceName, serviceTitle } from '../model/index.ts';
import { nginx } from './nginx.ts';

/** A proxy that can be told where the requests of one service go. */
export type Proxy = {
  /** The file by which it is told. */
  readonly file: string;
  /** Changes nothing; throws what would keep it from being told anything. */
  refuseUnusable(): Promise<void>;
  /** Whether it is written down that requests go to this port. */
  leadsTo(port: number): boolean;
  /** Writes it down, for now and for a proxy that starts later, and has a running one read it. */
  lead(port: number): Promise<void>;
  /** Removes what was written down. */
  forget(): void;
};

/** The proxy that a service declares; null for one that is asked directly. */
export function proxyOf(name: ServiceName, { traffic }: Service): Proxy | null {
  if (traffic === undefined) return null;
  if (traffic.adapter === 'nginx') return nginx(name, traffic);
  throw new PkgError('traffic-unusable', `cannot lead the traffic of ${serviceTitle(name)} by ${traffic.adapter}`, {
    hint: 'use the adapter nginx',
  });
}
