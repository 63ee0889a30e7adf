// A program that runs or recovers a small transaction and is really killed where it is told to.
// Usage: node victim.ts run|recover FOLDER STEPS WHAT-GOES-WRONG
import { letters, recover, run, worldOf } from './small-world.ts';

const [verb = '', folder = '', steps = '', goesWrong = ''] = process.argv.slice(2);

const world = {
  ...worldOf(folder, goesWrong),
  die: (): Promise<never> => {
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => {});
  },
};

const outcome = verb === 'run' ? await run(world, letters(steps)) : await recover(world);
process.stdout.write(outcome.kind);
