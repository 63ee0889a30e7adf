import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { checkout } from './narrator.ts';

export type WebServer = { readonly port: number; readonly pid: number; stop(): Promise<void> };

/** Starts the web server of fixtures/, which knows nothing of pkg and reads below ROOT/current. */
export async function startWebServer(root: string): Promise<WebServer> {
  const child = spawn(process.execPath, [join(checkout, 'fixtures/web-server/serve.mjs'), root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // A story that is cut short must not leave a server behind.
  const end = (): void => void child.kill('SIGTERM');
  process.once('exit', end);
  const [port] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    port: Number(port),
    pid: child.pid ?? 0,
    async stop() {
      process.off('exit', end);
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
