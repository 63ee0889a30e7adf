import { crashAt, failAt, failRecoveryAt } from '../../crash/judge.ts';
import { leave } from '../../crash/place.ts';
import type { Scenario } from '../../crash/scenarios.ts';
import { prepareArchives } from './archive-ground.ts';
import { prepareBounds } from './bounds-ground.ts';
import { prepareGc } from './gc-ground.ts';
import type { Ground, Part } from './part.ts';
import { pointOf } from './point-words.ts';
import { everyErrno, everyKill, pairsOfKills, TROUBLES, type Trouble } from './points.ts';
import { FILE_SYSTEMS, type FileSystemName } from './power-file-systems.ts';
import { preparePower } from './power-ground.ts';
import { prepareDamage, prepareHistories, prepareMisdeeds, prepareRaces } from './random-grounds.ts';
import { WAY_NAMES } from './service-bundle.ts';
import { prepareService } from './service-ground.ts';
import { prepareCuts, prepareSignals } from './signal-grounds.ts';
import { inLibrary, prepareStory, STORY_NAMES } from './stories.ts';

const PAIRS = 400;
const DOUBLE = [
  'upgrade',
  'install',
  'remove',
  'rollback',
  'config-merge',
  'failing-hook',
  'downgrade',
  'failing-gate',
];
const POWER = ['root', 'gcc', 'losetup', 'unshare', '/dev/fuse', '/dev/loop-control'];
const POWER_STORIES = ['upgrade', 'remove', 'rollback', 'install', 'downgrade', 'config-merge'];

/** The whole programme. A part is named KIND-WHAT, and docs/reliability.md has a line for each kind. */
export const PARTS: readonly Part[] = [
  ...STORY_NAMES.map((name) => onStory(`kill-${name}`, name, everyKill, crashAt)),
  ...STORY_NAMES.map((name) => onLibrary(`call-${name}`, name, 'kill')),
  ...STORY_NAMES.map((name) => onLibrary(`refusal-${name}`, name, 'errno')),
  { name: 'kill-gc', prepare: () => prepareGc('kill') },
  ...WAY_NAMES.map((way) => ({ name: `service-${way}`, prepare: () => prepareService(way, 'kill') })),
  ...DOUBLE.map((name, seed) => onStory(`double-${name}`, name, (calls) => pairsOfKills(calls, PAIRS, seed), crashAt)),
  ...STORY_NAMES.map((name) =>
    onStory(`errno-${name}`, name, everyErrno, name === 'recover' ? failRecoveryAt : failAt),
  ),
  { name: 'errno-gc', prepare: () => prepareGc('errno') },
  ...WAY_NAMES.map((way) => ({ name: `live-${way}`, prepare: () => prepareService(way, 'errno') })),
  ...POWER_STORIES.map((name) => onDisk(`power-${name}`, name, 'ext4')),
  ...(['writeback', 'xfs', 'btrfs'] as const).map((kind) => onDisk(`power-${kind}`, 'upgrade', kind)),
  { name: 'signal-local', prepare: () => prepareSignals(800) },
  { name: 'signal-ssh', needs: ['root', '/usr/sbin/sshd'], prepare: () => prepareCuts(200) },
  { name: 'race', prepare: () => prepareRaces(500) },
  { name: 'history', prepare: () => prepareHistories(80, 25) },
  { name: 'damage', prepare: prepareDamage },
  { name: 'archive', prepare: prepareArchives },
  { name: 'hook', prepare: prepareMisdeeds },
  { name: 'bound', prepare: prepareBounds },
];

function onDisk(name: string, story: string, kind: FileSystemName): Part {
  const { type, make } = FILE_SYSTEMS[kind];
  const needs = [...POWER, make[0], `kernel:${type}`];
  return { name, needs, prepare: () => preparePower(story, 1_000, kind) };
}

function onStory(
  name: string,
  story: string,
  points: (calls: readonly string[]) => readonly string[],
  judge: typeof crashAt,
): Part {
  return { name, prepare: async () => groundOf(await prepareStory(story), points, judge) };
}

/** At the calls of the C library: also inside what is one call in Node, in other programs, and when files are read. */
function onLibrary(name: string, story: string, trouble: Trouble): Part {
  const judges = { kill: crashAt, errno: story === 'recover' ? failRecoveryAt : failAt };
  return {
    name,
    needs: ['gcc'],
    async prepare() {
      const scenario = await inLibrary(await prepareStory(story), { reads: trouble === 'errno' });
      return groundOf(scenario, TROUBLES[trouble], judges[trouble]);
    },
  };
}

function groundOf(
  scenario: Scenario,
  points: (calls: readonly string[]) => readonly string[],
  judge: typeof crashAt,
): Ground {
  return {
    points: points(scenario.calls),
    judge: (point) => judge(scenario, pointOf(point)),
    leave: () => leave(scenario.place),
  };
}
