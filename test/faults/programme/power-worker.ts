// One ground of a power part in a process of its own, which is started in a mount namespace of its own: else whoever
// makes one meanwhile keeps our disks mounted after we took them down.  node power-worker.ts STORY STATES FILE-SYSTEM
import { createInterface } from 'node:readline';
import type { FileSystemName } from './power-file-systems.ts';
import { preparePowerHere } from './power-ground.ts';

const [story = '', states = '', kind = ''] = process.argv.slice(2);
const ground = await preparePowerHere(story, Number(states), kind as FileSystemName);
tell(ground.points);
for await (const point of createInterface({ input: process.stdin })) {
  tell(await ground.judge(point).catch((error: unknown) => [String(error)]));
}
await ground.leave();

function tell(answer: readonly string[]): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
