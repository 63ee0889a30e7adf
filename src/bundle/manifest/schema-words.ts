import { z } from 'zod';
import { checkVersion, isRange } from '../../model/index.ts';
import { pathRule } from '../archive/entry-path.ts';

// Words that several parts of the manifest share. An `error` is shown as it is, below the place in bundle.json.

/** `my-app1`: what bundles, services, settings and commands are called. */
export const nameWord = z
  .string()
  .max(128, { error: 'a name has at most 128 characters' })
  .regex(/^[a-z0-9][a-z0-9._+-]*$/, { error: 'a name is made of a-z 0-9 . _ + - and begins with a letter or digit' });

/** A semver version in our form. */
export const versionWord = z.string().superRefine((text, context) => {
  const advice = checkVersion(text);
  if (advice === null) return;
  const write = advice.write === null ? 'write three numbers: 1.2.0' : `write ${advice.write}`;
  context.addIssue({ code: 'custom', message: advice.problem, params: { hint: write } });
});

/** A semver range. */
export const rangeWord = z.string().refine(isRange, { error: 'not a semver range, such as ^1.2, ">=2 <3" or *' });

/** `30s`, `5m`, `1.5h`. */
export const durationWord = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/, { error: 'not a duration, such as 500ms, 30s, 5m or 1h' });

/** A path inside the bundle. */
export const pathWord = z.string().refine((path) => path !== '' && pathRule(path.replace(/\/$/, '')) === null, {
  error: 'not a path inside the bundle',
});

/** `["bin/server", "--port", "${port}"]`. */
export const argvWord = z
  .array(z.string(), { error: 'a command is a list of words: ["bin/tool", "--option"]' })
  .min(1, { error: 'a command needs at least one word' });

/** `SIGHUP`. */
export const signalWord = z.string().regex(/^SIG[A-Z0-9+]+$/, { error: 'not a signal, such as SIGHUP' });

/** `0640`. */
export const modeWord = z.string().regex(/^0[0-7]{3}$/, { error: 'not a mode, such as 0640' });

/** Names of variables with text that may hold values. */
export const variables = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'not a name of a variable' }),
  z.string(),
);

/** A TCP port of this machine. */
export const portWord = z.int().min(1).max(65535);
