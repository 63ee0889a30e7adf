// The proxy in front of a service: where it sends requests, and how it is told to send them elsewhere.
// Does not know instances, generations or steps; whoever calls says to which port of this machine.
// Imports only system, model and error.
export * from './open-connections.ts';
export * from './proxy-of.ts';
