// The one error of the program: a code from a closed list, a message for the person at 3 a.m., and one thing to do.

/** Exit numbers, as documented in docs/cli.md#exit-codes. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  locked: 4,
  needsRecovery: 5,
  archive: 6,
  gate: 7,
  changesPending: 10,
} as const;

type CodeEntry = { readonly exit: number; readonly means: string; readonly todo: string };

/** Every code, with its exit number, what it means, and what an operator can do (`pkg explain CODE`). */
export const CODES = {
  // wrong use (2)
  usage: {
    exit: EXIT.usage,
    means: 'The command line could not be understood: an unknown command, option or value.',
    todo: 'Look at `pkg COMMAND --help`.',
  },
  'no-such-file': {
    exit: EXIT.usage,
    means: 'A file or folder named on the command line does not exist or cannot be read.',
    todo: 'Check the path. A word with `/` or ending in `.tgz` is taken as a file, anything else as a bundle name.',
  },
  'needs-yes': {
    exit: EXIT.usage,
    means: 'A changing command asks before it changes anything, and nobody could answer: there is no terminal.',
    todo: 'Look at the plan with --dry-run, then repeat the command with --yes.',
  },
  'manifest-invalid': {
    exit: EXIT.usage,
    means: 'The bundle.json of a source folder has mistakes. All of them are listed with line and column.',
    todo: 'Fix the lines shown; docs/bundle-format.md describes every key.',
  },
  'hook-invalid': {
    exit: EXIT.usage,
    means:
      'A hook named in bundle.json could never run: missing, not executable, no interpreter line, or CR line ends.',
    todo: 'Fix the file named in the message, then build again.',
  },
  'source-invalid': {
    exit: EXIT.usage,
    means: 'The source folder holds something that cannot go into a bundle: a device, a socket, a link that leaves it.',
    todo: 'Remove it, or name it in .pkgignore.',
  },
  // refused before anything was touched (3)
  dependency: {
    exit: EXIT.refused,
    means: 'In the generation asked for, something needs a bundle that is absent or has the wrong version.',
    todo: 'Give all bundles that belong together in one command; the message ends with the one that would succeed.',
  },
  conflict: {
    exit: EXIT.refused,
    means: 'Two bundles of the generation asked for declare that they never belong together.',
    todo: 'Remove one of them in the same transaction: pkg install NEW.tgz --remove OLD.',
  },
  'downgrade-needs-force': {
    exit: EXIT.refused,
    means: 'The version asked for is lower than the installed one.',
    todo: 'If you want the lower version: pkg downgrade --force FILE. To go back to what was there before: pkg rollback.',
  },
  'data-loss': {
    exit: EXIT.refused,
    means:
      'The bundle may only go forward (`monotonic`), the version asked for cannot read the data on disk, or --purge would delete data whose bundle was not named.',
    todo: 'Go forward instead, leave out --purge, or accept the loss by name: --accept-data-loss NAME.',
  },
  'data-in-the-way': {
    exit: EXIT.refused,
    means:
      'A bundle takes over the data of the one it replaces, but already has data of its own, or one of the two folders is a mount point.',
    todo: 'The message names both folders: move away the data that is not to be used, or mount the disk at its new place.',
  },
  platform: {
    exit: EXIT.refused,
    means: 'The bundle was made for another operating system or processor.',
    todo: 'Build it for this machine.',
  },
  host: {
    exit: EXIT.refused,
    means: 'Software outside pkg that the bundle needs on this machine is missing or has the wrong version.',
    todo: 'Install it with the package manager of the distribution, then try again.',
  },
  clash: {
    exit: EXIT.refused,
    means: 'Two bundles have the same command or link, or a file that pkg did not make is where a link must go.',
    todo: 'Remove one of the two, or move the foreign file away.',
  },
  'no-space': {
    exit: EXIT.refused,
    means: 'The file system of the root has too few free blocks or inodes for the change.',
    todo: 'Free some space: pkg gc removes generations that are no longer kept.',
  },
  'read-only': {
    exit: EXIT.refused,
    means: 'The root cannot be written: read-only file system, or missing permission.',
    todo: 'Reading commands still work. Remount it writable, or run as the user who owns the root.',
  },
  'other-owner': {
    exit: EXIT.refused,
    means: 'The root belongs to another user, who could not remove what you would leave there.',
    todo: 'Change it as its owner: sudo -u OWNER pkg …. Reading commands work for everyone who may read the root.',
  },
  'root-unusable': {
    exit: EXIT.refused,
    means: 'No change could be made atomically in this root as it is laid out, or it is not a root of pkg at all.',
    todo: 'Choose an empty folder with --root, on one local file system.',
  },
  'newer-format': {
    exit: EXIT.refused,
    means: 'The root, plan or archive was written by a newer pkg in a format this one does not know.',
    todo: 'Use the newer pkg; the message names the format.',
  },
  'stale-plan': {
    exit: EXIT.refused,
    means: 'The stored plan was made for another state: the generation or an archive has changed since.',
    todo: 'Make the plan again: pkg plan … -o plan.json.',
  },
  pinned: {
    exit: EXIT.refused,
    means: 'A pin of this root holds the bundle at a version or range.',
    todo: 'pkg unpin NAME, then try again.',
  },
  protected: {
    exit: EXIT.refused,
    means: 'The bundle is named in `protected` of settings.json and may not be removed.',
    todo: 'Take it out of settings.json first.',
  },
  drift: {
    exit: EXIT.refused,
    means: 'Files of an installed bundle were changed by hand; going on would leave those changes behind.',
    todo: 'Look at them: pkg verify. Put the shipped files back with pkg verify --repair, or go on with --accept-drift; both keep a copy.',
  },
  'not-installed': {
    exit: EXIT.refused,
    means: 'The bundle or service to change is not installed, and nothing kept goes by that name.',
    todo: 'pkg list shows what is installed, pkg list --all what is kept.',
  },
  needed: {
    exit: EXIT.refused,
    means: 'Other installed bundles need the one to be removed.',
    todo: 'Remove them with it: pkg remove NAME --cascade.',
  },
  'no-way-back': {
    exit: EXIT.refused,
    means: 'There is no earlier good generation with different content.',
    todo: 'pkg history shows what there is; archives can be installed with pkg downgrade --force FILE.',
  },
  'no-such-generation': {
    exit: EXIT.refused,
    means: 'The generation or tag named does not exist, or is no longer kept. Commands that only look end with 1.',
    todo: 'pkg history and pkg status show which are kept.',
  },
  declined: {
    exit: EXIT.refused,
    means: 'The question was answered with no.',
    todo: 'Nothing was changed; nothing needs to be done.',
  },
  nested: {
    exit: EXIT.refused,
    means: 'A hook called a changing pkg command on the root whose transaction it is part of.',
    todo: 'Let the bundle depend on what it needs, so that both are one transaction.',
  },
  'service-running': {
    exit: EXIT.refused,
    means: 'A service of the bundle to be removed is running.',
    todo: 'Stop it as part of the change: pkg remove NAME --stop.',
  },
  'port-taken': {
    exit: EXIT.refused,
    means: 'A port that a service needs is used by another program.',
    todo: 'The message names the program. End it, or give the service another port.',
  },
  'manager-missing': {
    exit: EXIT.refused,
    means: 'The service manager that a service names cannot be used on this machine.',
    todo: 'Install or start it, or use the manager `process`.',
  },
  'traffic-unusable': {
    exit: EXIT.refused,
    means:
      'A service would be replaced behind a proxy, but its `traffic` does not say how to tell the proxy where requests go.',
    todo: 'Build the bundle with the keys that the message names.',
  },
  'preview-unusable': {
    exit: EXIT.refused,
    means: 'A change that only some clients should see would affect others as well, or needs more than a new instance.',
    todo: 'The message says what prevents it. Without --preview, or with --try 10m, the change is made for everybody.',
  },
  'no-path': {
    exit: EXIT.refused,
    means: 'No declared way leads from what runs to what is asked for.',
    todo: 'pkg plan … --why prints every way that was looked at, with the reason it was rejected.',
  },
  'limit-exceeded': {
    exit: EXIT.refused,
    means: 'The change would disturb running services more than --max-class or --max-interruption allows.',
    todo: 'Raise the limit, or choose another version: pkg upgradable NAME@VERSION.',
  },
  'one-way': {
    exit: EXIT.refused,
    means: 'After the change there would be no way back, and nobody has accepted that.',
    todo: 'Look at the plan, then repeat with --one-way if that is intended.',
  },
  'setting-missing': {
    exit: EXIT.refused,
    means: 'A bundle needs a setting that has no default, and nobody could be asked for it.',
    todo: 'Answer in advance: --set NAME.KEY=VALUE, or --settings FILE for many and for secrets.',
  },
  'setting-invalid': {
    exit: EXIT.refused,
    means: 'A setting that was given does not exist, cannot have this value, or is a secret typed on the command line.',
    todo: 'The message names it and says what is allowed; pkg settings list shows what can be set.',
  },
  'config-conflict': {
    exit: EXIT.refused,
    means: 'You and a bundle changed the same lines of a configuration file, and nobody could be asked which to take.',
    todo: 'Choose in advance: --config keep leaves your file in place, --config new takes the one of the bundle.',
  },
  'config-unusable': {
    exit: EXIT.refused,
    means: 'A configuration file cannot be read, or a template of a bundle cannot be filled in.',
    todo: 'The message names the file and the reason.',
  },
  window: {
    exit: EXIT.refused,
    means:
      'Windows say when this root may be changed: none is open now, or the open one closes before the change is done.',
    todo: 'Wait for the window that the message names (pkg windows), or repeat with --ignore-window.',
  },
  'trial-open': {
    exit: EXIT.refused,
    means: 'The live generation is on trial; nothing else may change before it is kept or given up.',
    todo: 'Keep it: pkg commit. Give it up: pkg rollback.',
  },
  'no-trial': {
    exit: EXIT.refused,
    means: 'There is no trial to commit.',
    todo: 'pkg status shows what is live.',
  },
  // lock (4)
  locked: {
    exit: EXIT.locked,
    means: 'Another pkg is changing this root right now.',
    todo: 'Wait for it: repeat with --wait=5m.',
  },
  // in the middle (5)
  'open-transaction': {
    exit: EXIT.needsRecovery,
    means: 'An earlier transaction was interrupted and is still open.',
    todo: 'pkg recover',
  },
  'undo-failed': {
    exit: EXIT.needsRecovery,
    means:
      'The change failed, and undoing it failed as well. The journal stays open. With `pkg service reload --restore`: the service is not healthy with its earlier configuration either.',
    todo: 'Fix the cause named in the message, then: pkg recover.',
  },
  'root-damaged': {
    exit: EXIT.needsRecovery,
    means:
      'Something other than pkg damaged the root: `current` or a generation is missing or does not match its checksum.',
    todo: 'pkg recover repairs `current` and the record of the live generation; pkg verify --repair restores files.',
  },
  // archives (6)
  'not-an-archive': {
    exit: EXIT.archive,
    means: 'The file is not a gzip-compressed tar archive made by pkg build.',
    todo: 'Check that the right file was given and that it arrived whole.',
  },
  'archive-truncated': {
    exit: EXIT.archive,
    means: 'The archive ends too early.',
    todo: 'Copy it again.',
  },
  'archive-invalid': {
    exit: EXIT.archive,
    means: 'The archive breaks a rule of the bundle format; the message names archive, entry and rule.',
    todo: 'Build it again with pkg build; docs/bundle-format.md lists the rules.',
  },
  'archive-too-large': {
    exit: EXIT.archive,
    means: 'The archive is larger than the limits allow.',
    todo: 'Raise them for this one: --max-size, --max-entries.',
  },
  'digest-mismatch': {
    exit: EXIT.archive,
    means: 'Content and digest differ: the archive was changed after it was built, or is not the one asked for.',
    todo: 'Get the archive again from where it was built.',
  },
  // failures, everything undone (1)
  'hook-failed': {
    exit: EXIT.failed,
    means: 'A hook failed, was ended by a signal, or ran out of time. Everything was undone.',
    todo: 'Read its output above (kept in transactions/ID/log), fix the hook, build, install again.',
  },
  'prebuild-failed': {
    exit: EXIT.failed,
    means: 'The `prebuild` program of a manifest failed. Nothing was packed.',
    todo: 'Read what it printed above; PKG_NAME, PKG_VERSION and PKG_EARLIER were set when it ran.',
  },
  'step-failed': {
    exit: EXIT.failed,
    means: 'A step of the change failed. Everything was undone.',
    todo: 'The message names the step and the cause.',
  },
  'system-failed': {
    exit: EXIT.failed,
    means: 'The operating system refused something: disk, permission, process.',
    todo: 'The message names the file and the reason.',
  },
  'unknown-name': {
    exit: EXIT.failed,
    means: 'A reading command was asked about something that is not there. Commands that would change it end with 3.',
    todo: 'pkg list --all shows the names.',
  },
  damaged: {
    exit: EXIT.failed,
    means: 'verify found files that differ from what their bundles shipped.',
    todo: 'pkg verify --repair',
  },
  interrupted: {
    exit: 130,
    means: 'The command was interrupted by a signal. Everything was undone, unless the message says otherwise.',
    todo: 'Run it again when you are ready.',
  },
  internal: {
    exit: EXIT.failed,
    means: 'A defect in pkg itself.',
    todo: 'Please report it with the output of the same command and PKG_DEBUG=1.',
  },
  'trial-over': {
    exit: EXIT.failed,
    means: 'A change was on trial and not committed: its time ran out, or it was given up. Everything was undone.',
    todo: 'To keep a change, run pkg commit before the time that pkg status shows.',
  },
  'service-failed': {
    exit: EXIT.failed,
    means: 'A service did not start, stop, reload or answer as declared. In a change, everything was undone.',
    todo: 'Read its log: pkg logs NAME.',
  },
  'traffic-failed': {
    exit: EXIT.failed,
    means:
      'The proxy in front of a service could not be told where requests go, or they did not arrive there. Everything was undone.',
    todo: 'The message contains what the proxy said. Fix the cause, and repeat the command.',
  },
  'wrong-fork-expectation': {
    exit: EXIT.failed,
    means:
      'The service goes into the background although `forks` is not declared, or stays in the foreground although it is.',
    todo: 'Set `forks` in the manifest, with `pidFile` where the program writes one.',
  },
  'control-failed': {
    exit: EXIT.failed,
    means:
      'The control program of a service refused, answered with something other than JSON, or not in time. Everything was undone.',
    todo: 'The message contains its answer; its whole output is in the log named there.',
  },
  // gates (7)
  'not-ready': {
    exit: EXIT.gate,
    means: 'A service did not become ready in time. In a change, everything was undone.',
    todo: 'Read its log: pkg logs NAME. The message says what the probe saw.',
  },
  'log-failed': {
    exit: EXIT.gate,
    means: 'The log of a service has a new line that its `mustNotMatch` forbids. Everything was undone.',
    todo: 'The message shows the line.',
  },
  'check-failed': {
    exit: EXIT.gate,
    means: 'A check of a bundle failed, or one of its programs cannot run on this machine. Everything was undone.',
    todo: 'Read its output above; nothing of the change is live.',
  },
} as const satisfies Record<string, CodeEntry>;

export type Code = keyof typeof CODES;

type Options = { readonly hint?: string; readonly details?: unknown; readonly cause?: unknown; readonly exit?: number };

/** A failure an operator should read: `message` says what and where, `hint` one thing to do. */
export class PkgError extends Error {
  override readonly name = 'PkgError';
  readonly code: Code;
  readonly hint: string | undefined;
  readonly details: unknown;
  readonly exit: number;

  constructor(code: Code, message: string, options: Options = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
    this.exit = options.exit ?? CODES[code].exit;
  }
}
