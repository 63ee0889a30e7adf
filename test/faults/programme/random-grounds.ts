import { leave, makePlace } from '../../crash/place.ts';
import { commitMisdeed } from '../commit-misdeed.ts';
import { blowsTo, judgeBlow, makeWholeRoot, partsOf } from '../damage.ts';
import { beginLongRun, goOn } from '../long-run.ts';
import { FATAL, HARMLESS } from '../misdeeds.ts';
import { prepareRace, race } from '../race.ts';
import type { Ground } from './part.ts';

/** Two to eight programs at once on one root, with a reader beside them. */
export async function prepareRaces(rounds: number): Promise<Ground> {
  const place = makePlace('faults-race');
  const archives = await prepareRace(place);
  return {
    points: numbered('round', rounds),
    judge: (point) => race(place, archives.slice(0, 2 + (numberIn(point) % 7))),
    leave: () => leave(place),
  };
}

/** Histories of random operations, some killed, each against a model; `steps` operations in each. */
export async function prepareHistories(histories: number, steps: number): Promise<Ground> {
  return {
    points: numbered('seed', histories),
    async judge(point) {
      const place = makePlace('faults-history');
      try {
        const run = await beginLongRun(place, numberIn(point));
        for (let step = 1; step <= steps; step++) {
          const problems = await goOn(run);
          if (problems.length > 0) return problems.map((problem) => `step ${step}: ${problem}`);
        }
        return [];
      } finally {
        leave(place);
      }
    },
    leave() {},
  };
}

/** Every file of a root, struck in every way. */
export async function prepareDamage(): Promise<Ground> {
  const place = await makeWholeRoot();
  const parts = new Map(partsOf(place).map((part) => [withoutDigest(part), part]));
  const blows = [...parts].flatMap(([name, part]) =>
    blowsTo(place, part).map((blow) => [`${blow}: ${name}`, blow] as const),
  );
  const blowOf = new Map<string, (typeof blows)[number][1]>(blows);
  return {
    points: [...blowOf.keys()],
    async judge(point) {
      const [blow, part] = [blowOf.get(point), parts.get(point.replace(/^[^:]*: /, ''))];
      return blow === undefined || part === undefined ? ['no such part'] : judgeBlow(place, part, blow);
    },
    leave: () => leave(place),
  };
}

/** Hooks of another ground name another folder, so that its bundles have other digests. */
function withoutDigest(part: string): string {
  return part.replace(/-[0-9a-f]{12}(?=\/|\.tgz|$)/, '');
}

/** Hooks that hang, fork, kill, print and delete. */
export async function prepareMisdeeds(): Promise<Ground> {
  const misdeeds = { ...FATAL, ...HARMLESS };
  return {
    points: Object.keys(misdeeds),
    async judge(point) {
      const misdeed = misdeeds[point];
      return misdeed === undefined ? ['no such misdeed'] : commitMisdeed(misdeed);
    },
    leave() {},
  };
}

function numbered(word: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `${word} ${n + 1}`);
}

function numberIn(point: string): number {
  return Number(point.split(' ')[1]);
}
