import { reduce } from '../../src/cli/tui/change/reduce.ts';
import { blankState, type Input, type State } from '../../src/cli/tui/change/state.ts';
import type {
  BundleId,
  Event,
  Plan,
  ServiceAt,
  Setting,
  SettingQuestion,
  SettingValue,
  Step,
} from '../../src/model/index.ts';

const bundle = (name: string, version: string): BundleId => ({ name, version, digest: 'a'.repeat(64) });
const web = bundle('web', '2.0.0');
const perl = bundle('perl', '5.8.0');
const server: ServiceAt = { name: { bundle: 'web', service: 'server' }, bundle: web, generation: 2 };
const old: ServiceAt = { ...server, bundle: bundle('web', '1.0.0'), generation: 1 };

const MERGE = {
  kind: 'write-config',
  bundle: web,
  revision: '2',
  previous: { bundle: old.bundle, revision: '1' },
  exact: false,
  policy: 'ask',
} as const;

/** An upgrade of a service with a hook and an edited file, and one new bundle. */
export const PLAN: Plan = {
  formatVersion: '1',
  command: 'pkg install perl-5.8.0.tgz web-2.0.0.tgz',
  from: 1,
  to: 2,
  class: 'restart',
  interruption: 1500,
  pointOfNoReturn: null,
  wayBack: { class: 'restart', loses: [] },
  changes: [
    { name: 'perl', from: null, to: '5.8.0', direction: 'add', class: 'none' },
    { name: 'web', from: '1.0.0', to: '2.0.0', direction: 'up', class: 'restart' },
  ],
  needs: [{ by: 'web', on: 'perl', as: 'perl', range: '>=5.8' }],
  room: { bytes: 57_200_000, inodes: 1234, free: 10_100_000_000 },
  steps: [
    step({ kind: 'place-bundle', bundle: perl }, 'stage', 'unpack perl 5.8.0', 'remove it again'),
    step({ kind: 'place-bundle', bundle: web }, 'stage', 'unpack web 2.0.0', 'remove it again'),
    step(MERGE, 'stage', 'merge the configuration of web 2.0.0', 'remove the new revision again'),
    step(MERGE, 'switch', 'take along what was edited meanwhile in web 2.0.0', 'remove the new revision again'),
    step({ kind: 'switch', from: 1, to: 2 }, 'switch', 'switch current from generation 1 to 2', 'switch back'),
    step(
      { kind: 'restart-service', old, service: server, because: 'web' },
      'apply',
      'restart web/server: no way is declared from 1.0.0',
      'the old one runs again',
    ),
    step(
      {
        kind: 'run-hook',
        call: {
          bundle: web,
          hook: 'postinstall',
          entries: [],
          action: 'upgrade',
          rest: [],
          otherVersion: '1.0.0',
          timeout: '5m',
        },
        generation: 2,
        forced: [],
      },
      'resume',
      'run postinstall upgrade 1.0.0 of web 2.0.0',
      'run preremove abort-upgrade',
    ),
  ],
  overrides: [],
  notes: ['etc/web/web.conf: your edits are merged with the new one'],
  rejected: [],
  archives: [],
};

/** The same, with a step that nothing takes back. */
export const ONE_WAY: Plan = { ...PLAN, pointOfNoReturn: 6, wayBack: { class: 'restart', loses: ['sessions of web'] } };

const DIFF = `--- etc/web/web.conf (yours)
+++ etc/web/web.conf (new)
@@ -1,4 +1,4 @@
 listen 8080
-workers 16
+workers 4
+keepalive 30
 root /srv/web
 log on`;

/** A screen of 80 columns and 24 rows after some inputs. */
export function screenAfter(...inputs: readonly Input[]): State {
  return inputs.reduce(reduce, blankState({ command: PLAN.command, rootWords: [] }, { columns: 80, rows: 24 }, 0));
}

/** Keys, one after the other. */
export function keys(...names: readonly string[]): readonly Input[] {
  return names.map((key) => ({ kind: 'key', key }));
}

/** Events, with the seconds at which they happen. */
export function events(...told: readonly (readonly [at: number, event: Event])[]): readonly Input[] {
  return told.map(([at, event]) => ({ kind: 'event', event, at: at * 1000 }));
}

export const ASKED: readonly Input[] = [...events([0, { event: 'plan', plan: PLAN }]), { kind: 'question' }];

export const ASKED_ONE_WAY: readonly Input[] = [...events([0, { event: 'plan', plan: ONE_WAY }]), { kind: 'question' }];

export const CONFLICT: Input = {
  kind: 'conflict',
  conflict: { file: 'etc/web/web.conf', diff: DIFF.split('\n'), problem: null },
};

/** What two bundles have to know: a choice, what only matters with it, a secret and a number. */
export const QUESTIONS: readonly SettingQuestion[] = [
  question('storage', { type: 'choice', choices: ['files', 'redis'], default: 'files' }, 'files'),
  question('host', { type: 'string', when: 'storage=redis', prompt: 'Where redis is' }, null),
  question('password', { type: 'string', secret: true, prompt: 'Password of the database' }, null),
  question('port', { type: 'number', prompt: 'Port to listen on', max: 65_535 }, 8080),
];

/** The form of these questions, and nothing answered. */
export const FORM: Input = {
  kind: 'settings',
  form: { questions: QUESTIONS, asked: [0], taken: new Map(), problem: null },
};

/** What a service wrote goes for good. */
export const LOSS: Input = {
  kind: 'name',
  loss: { name: 'web', loss: '/srv/data/web (12 entries, 3.4 MB) will be deleted for good' },
};

/** The work while the second archive is unpacked. */
export const UNPACKING: readonly Input[] = [
  ...ASKED,
  ...keys('y'),
  ...events(
    [0, { event: 'staging', name: 'perl', version: '5.8.0' }],
    [1, { event: 'progress', name: 'perl', bytes: 12_000_000, of: 12_000_000, files: 310, ofFiles: 310 }],
    [1.2, { event: 'staging', name: 'web', version: '2.0.0' }],
    [2, { event: 'progress', name: 'web', bytes: 30_000_000, of: 40_000_000, files: 900, ofFiles: 1200 }],
  ),
];

/** The work until the hook is running. */
export const WORKING: readonly Input[] = [
  ...UNPACKING,
  ...events(
    ...PLAN.steps.slice(0, -1).flatMap((_, at) => [moment(at, 'doing', 2 + at), moment(at, 'done', 2.5 + at)] as const),
    moment(6, 'doing', 8),
    [9, { event: 'output', title: 'postinstall', line: 'migrating \u001b[31mtable\u001b[0m 3 of 7' }],
    [9.5, { event: 'probe', bundle: 'web', service: 'server', answered: false, message: 'connection refused' }],
  ),
];

/** The hook failed, and everything was undone. */
export const UNDONE: readonly Input[] = [
  ...WORKING,
  ...events(
    moment(6, 'failed', 10),
    ...[6, 5, 4, 3, 2, 1, 0].flatMap(
      (at) => [moment(at, 'undoing', 16 - at), moment(at, 'undone', 16.2 - at)] as const,
    ),
    [
      17,
      {
        event: 'error',
        code: 'hook-failed',
        message: 'postinstall of web 2.0.0 failed with exit status 3:\n  cannot reach the database',
        hint: 'its whole output: transactions/2/log/web-postinstall.log',
      },
    ],
    [17, { event: 'result', outcome: 'undone', generation: 1, transaction: 2, changes: [] }],
  ),
];

/** A setting of `web` that is asked for. */
export function question(key: string, setting: Setting, fallback: SettingValue | null): SettingQuestion {
  return { bundle: 'web', key, setting, fallback, known: {} };
}

function moment(at: number, state: Extract<Event, { event: 'step' }>['state'], second: number) {
  const { phase, kind, summary } = PLAN.steps[at] ?? { phase: 'prepare', kind: '', summary: '' };
  return [second, { event: 'step', n: at + 1, of: PLAN.steps.length, phase, kind, summary, state }] as const;
}

function step<B extends object>(body: B, phase: Step['phase'], summary: string, undo: string): B & Omit<Step, keyof B> {
  return { ...body, phase, summary, undo } as B & Omit<Step, keyof B>;
}
