import { z } from 'zod';
import { EXPECTABLE, isExpectation, type Setting, settingProblem } from '../../model/index.ts';
import { serviceSchema } from './schema-service.ts';
import { upgradeSchema } from './schema-upgrade.ts';
import {
  argvWord,
  durationWord,
  modeWord,
  nameWord,
  pathWord,
  rangeWord,
  variables,
  versionWord,
} from './schema-words.ts';

const hookFile = z.union([pathWord, z.string().regex(/^pkg:[a-z0-9-]+$/)], {
  error: 'a file of the bundle, or pkg:NAME',
});

const hookEntry = z.union([hookFile, z.strictObject({ do: hookFile, undo: hookFile.optional() })], {
  error: 'a file of the bundle, pkg:NAME, or { "do": …, "undo": … }',
});

const hookList = z
  .union([hookEntry, z.array(hookEntry).min(1, { error: 'an empty list of hooks' })], {
    error: 'a hook, or a list of hooks',
  })
  .transform((hooks) => (Array.isArray(hooks) ? hooks : [hooks]));

const hooks = z.strictObject({
  preinstall: hookList.optional().describe('before the switch, of a bundle that arrives'),
  postinstall: hookList.optional().describe('after the switch, of a bundle that arrived'),
  preremove: hookList.optional().describe('before the switch, of a bundle that leaves'),
  postremove: hookList.optional().describe('after the switch, of a bundle that left'),
  timeout: durationWord.optional().describe('how long one hook may take; default 5m'),
});

const setting = z
  .strictObject({
    type: z.enum(['string', 'number', 'boolean', 'choice']).describe('what may be answered'),
    default: z.union([z.string(), z.number(), z.boolean()]).optional().describe('the answer when none is given'),
    prompt: z.string().optional().describe('the question'),
    secret: z.boolean().optional().describe('never shown, stored with mode 0600'),
    min: z.number().optional().describe('the least number'),
    max: z.number().optional().describe('the largest number'),
    pattern: z
      .string()
      .refine(isPattern, { error: 'not a regular expression' })
      .optional()
      .describe('a regular expression the answer must match'),
    choices: z.array(z.string()).min(1).optional().describe('the answers to choose from'),
    when: z
      .string()
      .optional()
      .describe('asked only if that other setting is on (`tls`) or has this value (`storage=redis`)'),
  })
  .superRefine((written, context) => {
    if (written.type === 'choice' && written.choices === undefined) {
      context.addIssue({ code: 'custom', message: "a choice needs 'choices'" });
    }
    const fits =
      written.default === undefined || typeof written.default === (written.type === 'choice' ? 'string' : written.type);
    if (!fits) {
      context.addIssue({ code: 'custom', path: ['default'], message: `the default is not a ${written.type}` });
      return;
    }
    if (written.default === undefined || !isPattern(written.pattern ?? '')) return;
    const why = settingProblem(written as Setting, written.default);
    if (why !== null) context.addIssue({ code: 'custom', path: ['default'], message: `the default ${why}` });
  });

function isPattern(text: string): boolean {
  try {
    RegExp(text);
    return true;
  } catch {
    return false;
  }
}

const config = z.strictObject({
  path: pathWord.describe('the file as it is shipped'),
  merge: z.enum(['three-way', 'keep', 'replace']).default('three-way').describe('how an edited file meets a new one'),
  template: z.boolean().default(false).describe('{{values}} in it are filled in'),
  mode: modeWord.optional().describe('its mode; default 0644'),
  owner: z.string().min(1).optional().describe('its owner'),
});

const expectation = z.string().refine(isExpectation, {
  error: 'an expectation is a number, or as in ">=9000 | last-1%"',
});

const check = z.strictObject({
  name: nameWord.describe('what the check is called'),
  run: argvWord.describe('the command; it must end with 0'),
  timeout: durationWord.optional().describe('how long it may take; default 5m'),
  expect: z
    .partialRecord(z.enum(EXPECTABLE), z.union([z.number(), expectation]))
    .optional()
    .describe('what its output must count up to, as TAP or as prove prints it'),
  when: z
    .array(z.enum(['staged', 'switched']))
    .min(1)
    .default(['staged'])
    .describe('before the switch, after it, or both'),
});

const ranges = z.record(nameWord, rangeWord);

/** `bundle.json`, as an author writes it; docs/bundle-format.md is made from the descriptions. */
export const manifestSchema = z.strictObject({
  $schema: z.string().optional().describe('lets editors complete and check this file'),
  name: nameWord.describe('the name of the bundle'),
  version: versionWord.describe('a semver version; a rebuild of the same version is 1.1.0+2'),
  description: z.string().optional().describe('one sentence for people'),
  license: z.string().optional().describe('the licence of the content'),
  homepage: z.string().optional().describe('where to read more'),
  maintainer: z.string().optional().describe('who to ask'),
  label: z.string().min(1).max(128).optional().describe("the upstream's own name for this version, such as R14B01"),
  platform: z
    .strictObject({
      os: z.array(z.string().min(1)).min(1).optional().describe('as Node names them: linux, darwin'),
      cpu: z.array(z.string().min(1)).min(1).optional().describe('as Node names them: x64, arm64'),
    })
    .optional()
    .describe('where it runs; absent: anywhere'),
  host: z
    .record(
      nameWord,
      z
        .strictObject({
          version: argvWord.optional().describe('the command that prints its version'),
          range: rangeWord.optional().describe('the versions that will do'),
        })
        .refine((needs) => needs.range === undefined || needs.version !== undefined, {
          error: "a range needs 'version', the command that prints it",
        }),
    )
    .optional()
    .describe('software outside pkg that must be there'),
  depends: ranges.optional().describe('bundles or provided names it needs, with their versions'),
  conflicts: ranges.optional().describe('bundles never in one generation with it'),
  provides: z.record(nameWord, versionWord).optional().describe('names it stands in for, with versions'),
  replaces: ranges.optional().describe('bundles whose place it takes on upgrade'),
  bin: z.record(nameWord, pathWord).optional().describe('commands: name -> file'),
  env: variables.optional().describe("variables for this bundle's services, checks and hooks"),
  config: z.array(config).optional().describe('files that operators may edit'),
  settings: z
    .record(z.string().regex(/^[a-zA-Z][a-zA-Z0-9_-]*$/), setting)
    .optional()
    .describe('asked before the plan'),
  data: z
    .strictObject({
      directory: z.boolean().optional().describe('has a folder that outlives versions'),
      owner: z.string().min(1).optional().describe('its owner'),
      reads: z.array(z.int().min(0)).optional().describe('data formats this version can read'),
      writes: z.int().min(0).optional().describe('the data format it writes'),
    })
    .optional()
    .describe('persistent data'),
  monotonic: z.boolean().optional().describe('may only go forward'),
  links: z
    .record(
      z.string().regex(/^(?:\/(?!\.{1,2}(?:\/|$))[^\0/]+)+$/, {
        error: "a link stands at an absolute path without '.' and '..'",
      }),
      pathWord,
    )
    .optional()
    .describe('links outside the root: absolute path -> file of the bundle'),
  hooks: hooks.optional().describe('programs that run during a change'),
  checks: z.array(check).optional().describe('commands that must agree before a change is committed'),
  services: z.record(nameWord, serviceSchema).optional().describe('what runs'),
  upgrade: upgradeSchema.optional().describe('ways to reach running services from and to other versions'),
  prebuild: argvWord.optional().describe('what `pkg build` runs in the source folder first; not part of the bundle'),
  include: z.array(z.string().min(1)).min(1).optional().describe('globs of the source folder; default ["**"]'),
});

/** The same as JSON Schema, for editors and for the documentation. */
export function manifestJsonSchema(): object {
  return z.toJSONSchema(manifestSchema, { io: 'input', target: 'draft-7' });
}
