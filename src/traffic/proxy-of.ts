import type { Service, ServiceName, TrafficWay } from '../model/index.ts';
import type { Aim } from './aim.ts';
import { haproxy } from './haproxy.ts';
import { nginx } from './nginx.ts';

/** A proxy that can be told where the requests of one service go. */
export type Proxy = {
  /** The file by which it is told. */
  readonly file: string;
  /** Changes nothing; throws what would keep it from being told anything. */
  refuseUnusable(): Promise<void>;
  /** Changes nothing; throws what would keep it from sending single clients elsewhere. */
  refuseUnpreviewable(): Promise<void>;
  /** Whether it is written down that requests go there. */
  leadsTo(aim: Aim): boolean;
  /** Writes it down, for now and for a proxy that starts later, and has a running one read it. */
  lead(aim: Aim): Promise<void>;
  /** How many connections that it holds open to this port serve nobody: it keeps them for requests to come. */
  idleAt(port: number): Promise<number>;
  /** Removes what was written down. */
  forget(): void;
};

/** The proxy that a service declares; null for one that is asked directly. */
export function proxyOf(name: ServiceName, { traffic }: Service): Proxy | null {
  if (traffic === undefined) return null;
  return ADAPTERS[traffic.adapter](name, traffic);
}

const ADAPTERS = { nginx, haproxy } satisfies Record<
  TrafficWay['adapter'],
  (name: ServiceName, way: TrafficWay) => Proxy
>;
