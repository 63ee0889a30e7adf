import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { callsOf, faultIn } from '../../crash/fault.ts';
import { makeBundle } from '../../crash/make-bundle.ts';
import { makePlace, type Place, restore, save, succeed } from '../../crash/place.ts';
import { runProgram } from '../../crash/program.ts';
import { lookAt, prepareScenario, type Scenario } from '../../crash/scenarios.ts';

type Told = { readonly words: readonly string[]; readonly exit?: number };

/** Changes beside the four of test/crash, each told up to the moment before it. */
const STORIES: Readonly<Record<string, (place: Place) => Promise<Told>>> = {
  downgrade: async (place) => {
    const [old, young] = [await pair(place, '1.0.0'), await pair(place, '2.0.0')];
    await succeed(place, 'install', ...young);
    return { words: ['downgrade', '--force', ...old] };
  },

  'config-merge': async (place) => {
    await succeed(place, 'install', await makeBundle(place, { name: 'site', version: '1.0.0' }));
    // The version stands in the file: one line that both changed, and one that only the operator did.
    const file = path.join(place.root, 'current/etc/site/main.conf');
    fs.writeFileSync(file, '# site\nport = 8080\n\nversion = mine\n');
    fs.rmSync(path.join(place.root, 'current/etc/site/more/other.conf'));
    return { words: ['install', await makeBundle(place, { name: 'site', version: '2.0.0' })] };
  },

  'failing-hook': async (place) => {
    await succeed(place, 'install', ...(await pair(place, '1.0.0')));
    const script = '[ "${0##*/}" != postinstall ] || exit 1';
    const site = await makeBundle(place, { name: 'site', version: '2.0.0', script });
    return { words: ['install', await makeBundle(place, { name: 'perl', version: '2.0.0' }), site], exit: 1 };
  },

  'failing-gate': async (place) => {
    await succeed(place, 'install', ...(await pair(place, '1.0.0')));
    const manifest = { checks: [{ name: 'suite', run: ['/bin/false'], when: ['switched'] }] };
    const site = await makeBundle(place, { name: 'site', version: '2.0.0', manifest });
    return { words: ['install', await makeBundle(place, { name: 'perl', version: '2.0.0' }), site], exit: 7 };
  },

  'purged-later': async (place) => {
    await succeed(place, 'install', ...(await pair(place, '1.0.0')));
    fs.mkdirSync(path.join(place.root, 'data/site'));
    fs.writeFileSync(path.join(place.root, 'data/site/rows'), 'precious');
    await succeed(place, 'remove', 'site');
    return { words: ['remove', '--purge', '--accept-data-loss', 'site', 'site'] };
  },

  // What it leaves has a format, and the place where it goes is a folder of the operator's with a mode of its own.
  replaced: async (place) => {
    const data = { directory: true, reads: [1, 2] };
    const old = { name: 'old', version: '1.0.0', manifest: { data: { ...data, writes: 1 } } };
    await succeed(place, 'install', await makeBundle(place, old));
    fs.writeFileSync(path.join(place.root, 'data/old/rows'), 'precious');
    fs.mkdirSync(path.join(place.root, 'data/new'), { mode: 0o700 });
    const next = { name: 'new', version: '2.0.0', manifest: { data: { ...data, writes: 2 }, replaces: { old: '*' } } };
    return { words: ['install', await makeBundle(place, next)] };
  },
};

export const STORY_NAMES = ['install', 'upgrade', 'remove', 'rollback', ...Object.keys(STORIES), 'recover'] as const;

/** A change that can be killed at any call, by name. */
export async function prepareStory(name: string): Promise<Scenario> {
  if (name === 'recover') return prepareRecovery();
  const story = STORIES[name];
  if (story === undefined) return prepareScenario(name as 'install');
  const place = makePlace(`faults-${name}`);
  const { words, exit = 0 } = await story(place);
  save(place, 'before');
  const before = lookAt(place);
  const all = ['--root', place.root, '--yes', '--json', ...words];
  const calls = await callsIn(place, all, exit);
  return { place, words: all, exit, before, after: lookAt(place), calls };
}

/** The same change with its calls counted in the C library; `reads` = those that open a file to read it, too. */
export async function inLibrary(scenario: Scenario, { reads }: { readonly reads: boolean }): Promise<Scenario> {
  const file = path.join(scenario.place.folder, 'fail-calls.so');
  execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-o', file, path.join(import.meta.dirname, 'fail-calls.c')]);
  const place = { ...scenario.place, library: { file, reads } };
  restore(place, 'before');
  return { ...scenario, place, calls: await callsIn(place, scenario.words, scenario.exit ?? 0) };
}

/** The recovery of an upgrade that was killed right before its COMMIT. */
async function prepareRecovery(): Promise<Scenario> {
  const scenario = await prepareScenario('upgrade');
  const { place } = scenario;
  // The last two times that the journal is flushed are COMMIT and END.
  const commit = scenario.calls.flatMap((call, n) => (/^fsync .*journal\.jsonl$/.test(call) ? [n] : [])).at(-2) ?? 0;
  const at = scenario.calls.findLastIndex((call, n) => n < commit && /^write .*journal\.jsonl$/.test(call)) + 1;
  restore(place, 'before');
  await runProgram(place.program, scenario.words, faultIn(place, { at, what: 'before' }));
  save(place, 'before');
  const words = ['--root', place.root, '--json', 'recover'];
  return { ...scenario, words, calls: await callsIn(place, words, 0) };
}

async function callsIn(place: Place, words: readonly string[], exit: number): Promise<readonly string[]> {
  const run = await runProgram(place.program, words, faultIn(place, { at: 0, what: '' }));
  if (run.exit !== exit) throw new Error(`${words.join(' ')} ended with ${run.exit}: ${run.stdout}${run.stderr}`);
  return callsOf(place.log);
}

async function pair(place: Place, version: string): Promise<readonly string[]> {
  const depends = { perl: `>=${version}` };
  return [
    await makeBundle(place, { name: 'perl', version }),
    await makeBundle(place, { name: 'site', version, manifest: { depends } }),
  ];
}
