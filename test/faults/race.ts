import fs from 'node:fs';
import path from 'node:path';
import { examineRoot } from '../crash/examine-root.ts';
import { changedElsewhere, watched } from '../crash/fault.ts';
import { judgeRest } from '../crash/judge-rest.ts';
import { makeBundle } from '../crash/make-bundle.ts';
import { type Place, restore, save, succeed } from '../crash/place.ts';
import { eventsOf, type Run, runProgram, type Started, startProgram } from '../crash/program.ts';
import { until } from '../support/until.ts';
import { letGo, makeWaitingBundle } from './waiting-bundle.ts';

const RUNNERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;

/** A root with one bundle, kept as `start`; answers the archives that race for it. */
export async function prepareRace(place: Place): Promise<readonly string[]> {
  await succeed(place, 'install', await makeBundle(place, { name: 'perl', version: '1.0.0' }));
  const archives = await Promise.all(RUNNERS.map((name) => makeWaitingBundle(place, name)));
  save(place, 'start');
  return archives;
}

/** Starts a program for each archive at once, while a reader looks; answers what is not as it must be. */
export async function race(place: Place, archives: readonly string[]): Promise<readonly string[]> {
  restore(place, 'start');
  const reading = startReader(place);
  const watch = watched(place);
  const install = (archive: string) => startProgram(place.program, words(place, '--json', 'install', archive), watch);
  const runners = archives.map(install);
  const winner = await lastOne(runners);
  // The winner's hook waits to be let go: who reads now reads beside somebody who holds the lock.
  await reading.goesOn();
  letGo(place);
  const ends = await Promise.all(runners.map(({ end }) => end));
  const sights = await reading.stop();
  const winners = ends.flatMap(({ exit }, nth) => (exit === 0 ? [RUNNERS[nth]] : []));
  const live = examineRoot(place.root).bundles.join();
  const [before, after] = ['perl', `${winners[0]},perl`];
  return [
    ...(winners.length === 1 ? [] : [`${winners.length} won`]),
    ...(live === `${winners[0]} 1.0.0,perl 1.0.0` ? [] : [`live is ${live}`]),
    ...ends.filter(({ exit }) => exit !== 0).flatMap((end) => judgeLoser(end, winner)),
    ...sights.filter((sight) => sight !== before && sight !== after).map((sight) => `a reader saw ${sight}`),
    ...judgeLinks(place, winners),
    ...changedElsewhere(place.log),
    ...(await judgeRest(place)),
  ];
}

/** Who lost has changed nothing outside either. */
function judgeLinks({ outside }: Place, winners: readonly (string | undefined)[]): readonly string[] {
  const links = fs.readdirSync(outside).filter((name) => name.endsWith('.conf'));
  return links.toSorted().join() === `${winners[0]}.conf,perl.conf` ? [] : [`outside: ${links.join()}`];
}

/** The only one that still runs when all others have ended. */
async function lastOne(runners: readonly Started[]): Promise<number> {
  const running = new Map(runners.map((runner) => [runner, runner.end.then(() => runner)]));
  while (running.size > 1) running.delete(await Promise.race(running.values()));
  return [...running.keys()][0]?.child.pid ?? 0;
}

function judgeLoser(end: Run, winner: number): readonly string[] {
  const told = eventsOf(end).find(({ event }) => event === 'error')?.['message'];
  if (end.exit === 4 && typeof told === 'string' && told.includes(`held by pid ${winner}`)) return [];
  return [`one ended with ${end.exit}: ${end.stdout}${end.stderr}`];
}

/** Lists what is live again and again, with the program and with its own eyes. */
function startReader(place: Place) {
  const sights: string[] = [];
  let goesOn = true;
  const reading = (async () => {
    while (goesOn) {
      sights.push(namesIn(fs.realpathSync(path.join(place.root, 'current'))));
      const { exit, stdout, stderr } = await runProgram(place.program, words(place, '--json', 'list'));
      if (exit !== 0) sights.push(`exit ${exit}: ${stderr}`);
      else
        sights.push(
          JSON.parse(stdout)
            .bundles.map(({ name }: { name: string }) => name)
            .join(),
        );
    }
  })();
  return {
    /** When it has looked twice more with the program, of which one look was begun after the call. */
    async goesOn(): Promise<void> {
      const seen = sights.length;
      await until('a reader that waits for nobody', () => sights.length >= seen + 4);
    },
    async stop(): Promise<readonly string[]> {
      goesOn = false;
      await reading;
      return sights;
    },
  };
}

function namesIn(generation: string): string {
  return fs.readdirSync(path.join(generation, 'bundles')).toSorted().join();
}

function words({ root }: Place, ...rest: readonly string[]): readonly string[] {
  return ['--root', root, '--yes', ...rest];
}
