import { type Row, ratioRow } from './report.ts';
import { run } from './run.ts';
import type { World } from './world.ts';

const TIMES = 21;

/** How long the program needs to say something, against a Node that says nothing. */
export function compareStart(world: World, root: string): readonly Row[] {
  world.say('starting …');
  const commands = {
    bare: [process.execPath, '-e', '0'],
    version: [...world.pkg, '--version'],
    list: [...world.pkg, '--root', root, 'list'],
  };
  const bare: number[] = [];
  const version: number[] = [];
  const list: number[] = [];
  // the first time brings everything into memory
  for (const command of Object.values(commands)) run(command);
  for (let time = 0; time < TIMES; time += 1) {
    bare.push(run(commands.bare).seconds);
    version.push(run(commands.version).seconds);
    list.push(run(commands.list).seconds);
  }
  return [
    ratioRow('pkg --version, against node -e 0', { ours: version, theirs: bare, target: 1.5 }),
    ratioRow('pkg list, against node -e 0', { ours: list, theirs: bare, target: 2.5 }),
  ];
}
