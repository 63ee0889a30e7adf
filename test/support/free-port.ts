import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { processStart, readText } from '../../src/system/index.ts';

/**
 * A port that the kernel found free, and that no other test is given while this process lives: the kernel knows nothing
 * of a port on which somebody will listen only later.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await unusedPort();
    if (isTakenByUs(port)) return port;
  }
}

async function unusedPort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const TAKEN = path.join(os.tmpdir(), `pkg-test-ports-${os.userInfo().uid}`);

/** Each port that was given away is a file with the process that has it. */
function isTakenByUs(port: number): boolean {
  const file = path.join(TAKEN, String(port));
  fs.mkdirSync(TAKEN, { recursive: true });
  try {
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (processStart(Number(readText(file))) === null) fs.rmSync(file, { force: true });
    return false;
  }
}
