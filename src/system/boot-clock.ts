import os from 'node:os';

/**
 * Milliseconds since the machine was started, time asleep included. Nobody can set this clock, and for all processes
 * of one boot (`bootId`) it is the same.
 */
export function bootClock(): number {
  return Math.round(os.uptime() * 1000);
}
