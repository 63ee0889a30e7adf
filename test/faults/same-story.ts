import type { Place } from '../crash/place.ts';
import { succeed } from '../crash/place.ts';

/** A scenario of dpkg told with our bundles. */
export type Story = {
  readonly scenario: string;
  /** Every bundle that takes part, as `a-1`. */
  readonly bundles: readonly string[];
  /** What is there before, and the words of the change; archives are named `a-1`. */
  before(place: Place, archive: (name: string) => string): Promise<void>;
  readonly words: readonly string[];
  /** The hooks in the order of docs/hooks.md: `a-2 preinstall upgrade`; after `|` those that run after COMMIT. */
  readonly calls: readonly string[];
  readonly afterCommit?: readonly string[];
  /** Words of dpkg that have another name here, and packages that are another bundle. */
  readonly also?: Readonly<Record<string, string>>;
};

const installed =
  (...names: readonly string[]): Story['before'] =>
  async (place, archive) => {
    await succeed(place, 'install', ...names.map(archive));
  };

const UPGRADE = { configure: 'upgrade' };
const REMOVE = { deconfigure: 'remove', 'abort-deconfigure': 'abort-remove', disappear: 'remove' };

/** The thirteen scenarios. Where dpkg deconfigures a package that cannot stay, here it has to be removed by name. */
export const STORIES: readonly Story[] = [
  {
    scenario: 'install',
    bundles: ['a-1'],
    before: async () => {},
    words: ['install', 'a-1'],
    calls: ['a-1 preinstall install', 'a-1 postinstall install'],
  },
  {
    scenario: 'install-again',
    bundles: ['a-1', 'a-2'],
    before: async (place, archive) => {
      await succeed(place, 'install', archive('a-1'));
      await succeed(place, 'remove', 'a');
    },
    words: ['install', 'a-2'],
    calls: ['a-2 preinstall install', 'a-2 postinstall install'],
  },
  {
    scenario: 'upgrade',
    bundles: ['a-1', 'a-2'],
    before: installed('a-1'),
    words: ['install', 'a-2'],
    calls: ['a-2 preinstall upgrade', 'a-2 postinstall upgrade'],
    also: UPGRADE,
  },
  {
    scenario: 'downgrade',
    bundles: ['a-1', 'a-2'],
    before: installed('a-2'),
    words: ['downgrade', '--force', 'a-1'],
    calls: ['a-1 preinstall downgrade', 'a-1 postinstall downgrade'],
    also: { configure: 'downgrade', upgrade: 'downgrade', 'abort-upgrade': 'abort-downgrade' },
  },
  {
    scenario: 'reinstall',
    bundles: ['a-1', 'a-1+2'],
    before: installed('a-1'),
    words: ['install', 'a-1+2'],
    calls: ['a-1+2 preinstall upgrade', 'a-1+2 postinstall upgrade'],
    // dpkg runs scripts of the old copy and of the new one under the same name; only the new one has any here.
    also: { ...UPGRADE, 'a-1': 'a-1+2' },
  },
  {
    scenario: 'remove',
    bundles: ['a-1'],
    before: installed('a-1'),
    words: ['remove', 'a'],
    calls: ['a-1 preremove remove', 'a-1 postremove remove'],
  },
  {
    scenario: 'purge',
    bundles: ['a-1'],
    before: installed('a-1'),
    words: ['remove', '--purge', 'a'],
    calls: ['a-1 preremove remove', 'a-1 postremove remove'],
    afterCommit: ['a-1 postremove purge'],
  },
  {
    scenario: 'replace',
    bundles: ['a-1', 'c-1'],
    before: installed('a-1'),
    words: ['install', 'c-1'],
    calls: ['c-1 preinstall install', 'a-1 preremove remove', 'c-1 postinstall install', 'a-1 postremove remove'],
    also: { configure: 'install' },
  },
  {
    scenario: 'replace-needed',
    bundles: ['a-1', 'c2-1', 'd-1'],
    before: installed('a-1', 'd-1'),
    words: ['install', 'c2-1', '--remove', 'd'],
    calls: [
      'c2-1 preinstall install',
      'd-1 preremove remove',
      'a-1 preremove remove',
      'c2-1 postinstall install',
      'd-1 postremove remove',
      'a-1 postremove remove',
    ],
    also: REMOVE,
  },
  {
    scenario: 'upgrade-two',
    bundles: ['a-1', 'a-2', 'e-1', 'e-2'],
    before: installed('a-1', 'e-1'),
    words: ['install', 'a-2', 'e-2'],
    calls: ['a-2 preinstall upgrade', 'e-2 preinstall upgrade', 'a-2 postinstall upgrade', 'e-2 postinstall upgrade'],
    also: UPGRADE,
  },
  {
    scenario: 'remove-two',
    bundles: ['a-1', 'e-1'],
    before: installed('a-1', 'e-1'),
    words: ['remove', 'e', 'a'],
    calls: ['e-1 preremove remove', 'a-1 preremove remove', 'e-1 postremove remove', 'a-1 postremove remove'],
  },
  {
    scenario: 'break',
    bundles: ['a-1', 'b-1'],
    before: installed('a-1'),
    words: ['install', 'b-1', '--remove', 'a'],
    calls: ['b-1 preinstall install', 'a-1 preremove remove', 'b-1 postinstall install', 'a-1 postremove remove'],
    also: REMOVE,
  },
  {
    scenario: 'overwrite',
    bundles: ['a-1', 'o-1'],
    before: installed('a-1'),
    words: ['install', 'o-1'],
    calls: ['o-1 preinstall install', 'a-1 preremove remove', 'o-1 postinstall install', 'a-1 postremove remove'],
    also: REMOVE,
  },
];

const SCRIPTS: Readonly<Record<string, string>> = {
  preinst: 'preinstall',
  postinst: 'postinstall',
  prerm: 'preremove',
  postrm: 'postremove',
};

/** The hook call here that a script call of dpkg corresponds to; it may be one that never comes. */
export function ourCall(fails: string, { also = {} }: Story): string {
  const [bundle = '', script = '', action = ''] = fails.split('.');
  const word = also[action] ?? (action === 'configure' ? 'install' : action);
  return `${also[bundle] ?? bundle} ${SCRIPTS[script]} ${word}`;
}

/** What must happen when these calls fail: every hook call in order, and how it ends. */
export function foretell(
  { calls, afterCommit = [] }: Story,
  faults: ReadonlySet<string>,
): { readonly calls: readonly string[]; readonly exit: number } {
  const failing = calls.findIndex((call) => faults.has(call));
  if (failing === -1) return { calls: [...calls, ...afterCommit], exit: 0 };
  const done = calls.slice(0, failing + 1);
  const undone = done.toReversed().map(undoOf);
  return { calls: [...done, ...undone], exit: undone.some((call) => faults.has(call)) ? 5 : 1 };
}

const OPPOSITE: Readonly<Record<string, string>> = {
  preinstall: 'postremove',
  postinstall: 'preremove',
  preremove: 'postinstall',
  postremove: 'preinstall',
};

/** Every call that can come in this story, in the doing and in the undoing. */
export function possibleCalls({ calls, afterCommit = [] }: Story): readonly string[] {
  return [...calls, ...afterCommit, ...calls.map(undoOf)];
}

/** The call that undoes this one. */
export function undoOf(call: string): string {
  const [bundle, hook = '', action] = call.split(' ');
  return `${bundle} ${OPPOSITE[hook]} abort-${action}`;
}
