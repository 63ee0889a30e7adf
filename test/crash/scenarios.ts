import fs from 'node:fs';
import path from 'node:path';
import { examineRoot, listTree, type State } from './examine-root.ts';
import { callsOf } from './fault.ts';
import { makeBundle } from './make-bundle.ts';
import { effectsOf, makePlace, type Place, restore, save, succeed } from './place.ts';
import { runProgram } from './program.ts';

export type ScenarioName = 'install' | 'upgrade' | 'remove' | 'rollback';

/** A change on a prepared place, with how everything looks before and after it when nothing goes wrong. */
export type Scenario = {
  readonly place: Place;
  readonly words: readonly string[];
  /** How the change ends when nothing disturbs it; 0 unless it is one that fails by itself. */
  readonly exit?: number;
  readonly before: Look;
  readonly after: Look;
  /** Every call that changes a file below the stage, as `NAME PATH`. */
  readonly calls: readonly string[];
};

/** Everything that counts at one moment. */
export type Look = {
  readonly state: State;
  readonly effects: readonly string[];
  readonly outside: readonly string[];
  readonly paths: readonly string[];
};

/** Prepares the place, keeps it as `before`, and runs the change once to the end. */
export async function prepareScenario(name: ScenarioName): Promise<Scenario> {
  const place = makePlace(`crash-${name}`);
  const archives = {
    old: await makeSet(place, '1.0.0'),
    new: name === 'upgrade' || name === 'rollback' ? await makeSet(place, '2.0.0') : [],
  };
  const words = await SCENARIOS[name](place, archives);
  save(place, 'before');
  const before = lookAt(place);
  const fault = { at: 0, what: '', below: [place.root, place.outside], log: place.log };
  const run = await runProgram(place.program, wordsFor(place, words), fault);
  if (run.exit !== 0) throw new Error(`${words.join(' ')} ended with ${run.exit}: ${run.stdout}${run.stderr}`);
  return { place, words: wordsFor(place, words), before, after: lookAt(place), calls: callsOf(place.log) };
}

/** What there is now; throws when the live generation is not whole. */
export function lookAt(place: Place): Look {
  return {
    state: examineRoot(place.root),
    effects: effectsOf(place),
    outside: listTree(place.outside, false).filter((line) => !line.startsWith('effects ')),
    paths: listTree(place.root, false).map((line) => line.split(' ')[0] ?? ''),
  };
}

type Archives = { readonly old: readonly string[]; readonly new: readonly string[] };

const SCENARIOS: Readonly<Record<ScenarioName, (place: Place, archives: Archives) => Promise<readonly string[]>>> = {
  install: async (_place, { old }) => ['install', ...old],

  // Only one generation is kept, so that the commit also collects garbage.
  upgrade: async (place, archives) => {
    await succeed(place, 'install', ...archives.old);
    edit(place);
    fs.writeFileSync(path.join(place.root, 'settings.json'), '{ "keep": 1 }\n');
    return ['install', ...archives.new];
  },

  remove: async (place, { old }) => {
    await succeed(place, 'install', ...old);
    edit(place);
    fs.mkdirSync(path.join(place.root, 'data/site'), { recursive: true });
    fs.writeFileSync(path.join(place.root, 'data/site/rows'), 'precious');
    return ['remove', 'site', 'mod_perl', '--purge', '--accept-data-loss', 'site'];
  },

  rollback: async (place, archives) => {
    await succeed(place, 'install', ...archives.old);
    await succeed(place, 'install', ...archives.new);
    edit(place);
    return ['rollback'];
  },
};

async function makeSet(place: Place, version: string): Promise<readonly string[]> {
  const needs = (name: string) => ({ depends: { [name]: `>=${version}` } });
  return [
    await makeBundle(place, { name: 'perl', version }),
    await makeBundle(place, { name: 'mod_perl', version, manifest: needs('perl') }),
    await makeBundle(place, { name: 'site', version, manifest: needs('mod_perl') }),
  ];
}

function edit({ root }: Place): void {
  const file = path.join(root, 'current/etc/site/main.conf');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('port = 80', 'port = 8080'));
}

function wordsFor(place: Place, words: readonly string[]): readonly string[] {
  return ['--root', place.root, '--yes', '--json', ...words];
}

/** Puts the stage back to the moment before the change. */
export function rewind({ place }: Scenario): void {
  restore(place, 'before');
}
