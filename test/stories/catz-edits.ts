/** What a bundle differs in from its fixture: file -> what becomes of its text. */
export type Edits = Readonly<Record<string, (text: string) => string>>;

/** The application as one that runs twice for a moment, instead of being told by a signal. */
export const BESIDE = {
  'bundle.json': (text: string): string =>
    text
      .replace('"path": "current"', '"path": "exact"')
      .replace(/\n.*"reload": .*/, '')
      .replace('"onUpgrade": "reload"', '"onUpgrade": "replace"')
      .replace('"mojolicious": "reload"', '"mojolicious": "replace"'),
} satisfies Edits;

/** Code that says of itself that it needs newer data than this. */
export function seeksDataAfter(version: string, edits = { 'bundle.json': (text: string): string => text }): Edits {
  return { 'bundle.json': (text) => edits['bundle.json'](text).replace('>=20220716.1.0', `>${version}`) };
}

/** Code whose tests pass, and warn. */
export const WARNS: Edits = { 't/catz.t': (text) => text.replace('done_testing', 'warn "old";\ndone_testing') };

/** Code of whose tests some do not run. */
export const FEWER_TESTS: Edits = { 't/catz.t': (text) => text.replace(/^\$t->get_ok\('\/'\).*$/m, '') };

/** Code that passes its tests and dies under the real server. */
export const DIES: Edits = {
  'script/catz': (text) => text.replace(/^app->start;/m, 'die "no such table" if $ENV{HYPNOTOAD_REV};\n$&'),
  'bundle.json': (text) => text.replace('"timeout": "15s"', '"timeout": "3s"'),
};

/** A perl that runs nothing. */
export const NO_PERL: Edits = { 'bin/perl': () => '#!/bin/sh\necho "no perl" >&2\nexit 1\n' };
