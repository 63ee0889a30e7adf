import { expect, test } from 'vitest';
import { freePort } from './free-port.ts';

test('a port is given to one test only, also before anybody listens on it', async () => {
  const ports = await Promise.all(Array.from({ length: 300 }, freePort));
  expect(new Set(ports).size).toBe(300);
});
