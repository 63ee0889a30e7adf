import type { Template } from './template.ts';
import { erlangTemplate } from './template-erlang.ts';
import { nodeTemplate } from './template-node.ts';
import { systemdTemplate } from './template-systemd.ts';

/** Every template of `pkg init`, by name. */
export const TEMPLATES: Readonly<Record<string, Template>> = {
  static: {
    shows: 'files that a web server serves from current/bundles/NAME/public',
    manifest: {
      description: 'A static web site',
      checks: [{ name: 'front-page', run: ['test', '-s', 'public/index.html'] }],
    },
    files: {
      'public/index.html': '<!doctype html>\n<title>{name}</title>\n<h1>It works</h1>\n',
    },
  },
  node: nodeTemplate,
  systemd: systemdTemplate,
  erlang: erlangTemplate,
  hooks: {
    shows: 'one hook for each moment of a change, each saying what it was told',
    manifest: {
      description: 'Shows when which hook is called',
      hooks: {
        preinstall: 'hooks/preinstall',
        postinstall: 'hooks/postinstall',
        preremove: 'hooks/preremove',
        postremove: 'hooks/postremove',
      },
    },
    files: Object.fromEntries(
      [
        ['preinstall', 'Before the switch. Undone by postremove with abort-install or abort-upgrade.'],
        ['postinstall', 'After the switch. Undone by preremove with abort-install or abort-upgrade.'],
        ['preremove', 'Before the bundle leaves. Undone by postinstall with abort-remove.'],
        ['postremove', 'After the bundle has left. Undone by preinstall with abort-remove.'],
      ].map(([hook, when]) => [
        `hooks/${hook}`,
        `#!/bin/sh\n# ${when}\n# Called as: ${hook} ACTION [OTHER-VERSION]. Any exit but 0 undoes the whole change.\necho "${hook} $* of $PKG_NAME $PKG_VERSION"\n`,
      ]),
    ),
  },
};
