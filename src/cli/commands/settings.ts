import { EXIT, PkgError } from '../../error.ts';
import { quoted } from '../../model/index.ts';
import type { ShownSetting } from '../../operations/settings/list.ts';
import type { Command, Context } from '../command.ts';
import { givenSettings, SETTINGS_OPTIONS } from '../given-settings.ts';
import { OVERRIDE_OPTIONS, TRY_OPTION } from '../options.ts';
import { configPolicy, limitsOf, overridesOf } from '../overrides.ts';
import { print, printJson, say } from '../streams.ts';
import { withScreen } from '../with-screen.ts';

const list: Command = {
  name: 'list',
  args: '[name]',
  summary: 'the settings of what is installed; secrets are shown as ***',
  group: 'look',
  examples: ['pkg settings list', 'pkg settings list web --json'],
  completes: 'bundle',
  run: async ([name], _options, context) => {
    const { listSettings } = await import('../../operations/settings/list.ts');
    const found = await listSettings(context.root, name ?? null);
    if (context.json) printJson(context.streams, found);
    else showSettings(found.settings, context);
    return EXIT.done;
  },
};

const set: Command = {
  name: 'set',
  args: '<name> [key=value...]',
  summary: 'change settings of a bundle; a key without =VALUE is asked for, as secrets must be',
  group: 'change',
  options: [...SETTINGS_OPTIONS, TRY_OPTION, ...OVERRIDE_OPTIONS],
  examples: ['pkg settings set web port=8080 --dry-run', 'pkg settings set web password'],
  completes: 'setting',
  run: async ([name = '', ...words], options, context) => {
    const { setSettings } = await import('../../operations/settings/set.ts');
    const session = await context.session(options);
    const given = givenSettings(options);
    if (words.length === 0 && Object.keys(given.settings).length === 0) throw nothingToSet(name);
    const common = {
      command: session.command,
      overrides: overridesOf(options),
      config: configPolicy(options),
      limits: limitsOf(options),
      ...given,
    };
    const answers = words.filter((word) => word.includes('=')).map(keyAndValue);
    const asked = words.filter((word) => !word.includes('='));
    const order = { name, answers: Object.fromEntries(answers), asked, common };
    return (await withScreen(session, context, (shown) => setSettings(order, shown))).exit;
  },
};

export const settings: Command = {
  name: 'settings',
  summary: 'show the settings of bundles, and change them',
  group: 'change',
  subcommands: [list, set],
  run: async () => {
    throw new PkgError('usage', 'pkg settings takes list or set', { hint: 'pkg settings --help' });
  },
};

function showSettings(found: readonly ShownSetting[], { streams }: Context): void {
  const width = Math.max(0, ...found.map(({ bundle, key }) => bundle.length + key.length + 1));
  for (const { bundle, key, value, prompt } of found) {
    const title = `${bundle}.${key}`.padEnd(width);
    print(
      streams,
      `${title}  ${value === null ? '(no value)' : String(value)}${prompt === null ? '' : `  # ${prompt}`}`,
    );
  }
  if (found.length === 0) say(streams, 'there are no settings');
}

function keyAndValue(word: string): readonly [string, string] {
  const equals = word.indexOf('=');
  return [word.slice(0, equals), word.slice(equals + 1)];
}

function nothingToSet(name: string): PkgError {
  return new PkgError('usage', 'missing KEY=VALUE', { hint: `pkg settings set ${quoted(name)} KEY=VALUE` });
}
