// The proxy in front of a service: where it sends requests, how it is told to send them elsewhere, and what it says
// while the service is down. Does not know instances, generations or steps; whoever calls says to which port.
// Imports only system, model and error.
export type * from './aim.ts';
export * from './haproxy-map.ts';
export * from './maintenance-mark.ts';
export * from './open-connections.ts';
export * from './planned-times.ts';
export { proxyIsDown } from './proxy-is-down.ts';
export * from './proxy-lines.ts';
export * from './proxy-of.ts';
export * from './serve-page.ts';
export * from './service-marks.ts';
