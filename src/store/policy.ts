import fs from 'node:fs';
import { PkgError } from '../error.ts';
import { isRange, type Listeners, type Windows } from '../model/index.ts';
import { writeDurably } from '../system/index.ts';
import type { Layout } from './layout.ts';

/** What the operator decided for this root, kept in `settings.json`. */
export type Policy = {
  /** Good generations that gc leaves. */
  readonly keep: number;
  /** Bundle name -> range it must stay in. */
  readonly pins: Readonly<Record<string, string>>;
  /** Names of bundles that may not be removed. */
  readonly protected: readonly string[];
  /** Tag -> generation number; a tagged generation is never collected. */
  readonly tags: Readonly<Record<string, number>>;
  /** Name -> when this root may be changed; none: at any time. */
  readonly windows: Windows;
  /** Name -> a command that is told of changes. */
  readonly notify: Listeners;
};

const DEFAULTS: Policy = { keep: 3, pins: {}, protected: [], tags: {}, windows: {}, notify: {} };

/** The policy of the root; defaults where nothing was decided. */
export function readPolicy(layout: Layout): Policy {
  let text: string;
  try {
    text = fs.readFileSync(layout.policy, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return DEFAULTS;
    throw new PkgError('system-failed', `cannot read ${layout.policy}`, { cause: error });
  }
  try {
    return checked({ ...DEFAULTS, ...(JSON.parse(text) as Partial<Policy>) });
  } catch (error) {
    throw new PkgError('usage', `${layout.policy}: ${error instanceof Error ? error.message : String(error)}`, {
      hint: 'fix the file, or remove it to go back to the defaults',
      cause: error,
    });
  }
}

/** Writes the policy durably; keys of a newer pkg that are in the file stay. */
export function writePolicy(layout: Layout, policy: Policy): void {
  writeDurably(layout.policy, `${JSON.stringify(policy, null, 2)}\n`);
}

function checked(policy: Policy): Policy {
  if (!Number.isInteger(policy.keep) || policy.keep < 1) throw new Error('keep must be a whole number of at least 1');
  for (const [name, range] of Object.entries(policy.pins)) {
    if (!isRange(range)) throw new Error(`pins: '${range}' of ${name} is not a version range`);
  }
  if (!Array.isArray(policy.protected)) throw new Error('protected must be a list of names');
  for (const [tag, number] of Object.entries(policy.tags)) {
    if (!Number.isInteger(number)) throw new Error(`tags: ${tag} does not name a generation number`);
  }
  for (const [name, window] of Object.entries(policy.windows)) {
    const isWhole = [window.cron, window.duration, window.zone].every((word) => typeof word === 'string');
    if (!isWhole) throw new Error(`windows: ${name} needs cron, duration and zone`);
  }
  for (const [name, { run }] of Object.entries(policy.notify)) {
    if (!Array.isArray(run) || run.length === 0) throw new Error(`notify: ${name} needs run, a list of words`);
  }
  return policy;
}
