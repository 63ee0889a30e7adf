import { dpkg, type Manager, type Missing, pacman } from './other-managers.ts';
import { notMeasured, type Row, ratioRow } from './report.ts';
import { run, runWatched, settle } from './run.ts';
import { newFolder, rounds, type World } from './world.ts';

/** A root in which version 1.0.0 is installed, and how long that took. */
export type Installed = { readonly root: string; readonly seconds: number };

/** `pkg install` against unpacking alone, and against package managers that keep a database as we do. */
export function compareInstall(
  world: World,
  archive: string,
): { readonly rows: readonly Row[]; readonly installed: readonly Installed[]; readonly peaks: readonly number[] } {
  const tar: Manager = { name: 'tar xzf', install: (root) => ['tar', 'xzf', archive, '-C', root] };
  world.say('making packages for other managers …');
  const others = [tar, dpkg(world), pacman(world)];
  const seconds = new Map<string, number[]>(others.map(({ name }) => [name, []]));
  const installed: Installed[] = [];
  const peaks: number[] = [];
  for (const round of rounds(world, 'install')) {
    const root = newFolder(world, `root-${round}`);
    settle();
    const ours = runWatched([...world.pkg, '--root', root, '-y', 'install', archive]);
    installed.push({ root, seconds: ours.seconds });
    if (ours.peak !== null) peaks.push(ours.peak);
    for (const other of others.filter(isHere)) {
      const command = other.install(newFolder(world, `${other.name.replace(' ', '-')}-${round}`));
      settle();
      seconds.get(other.name)?.push(run(command).seconds);
    }
  }
  const ours = installed.map((one) => one.seconds);
  const rows = others.map((other) => {
    const what = `install, against ${other.name}`;
    if (!isHere(other)) return notMeasured(what, other.hint);
    return ratioRow(what, { ours, theirs: seconds.get(other.name) ?? [], target: other === tar ? 1 : 0.7 });
  });
  return { rows, installed, peaks };
}

function isHere(other: Manager | Missing): other is Manager {
  return 'install' in other;
}
