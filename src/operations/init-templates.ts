/** One folder to begin with: what it shows, the manifest beside name and version, and its files by path. */
export type Template = {
  readonly shows: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, string>>;
};

/** Every template of `pkg init`, by name. A text that begins with `#!` becomes a program. */
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
  node: {
    shows: 'a program for Node with a command and a configuration file',
    manifest: {
      description: 'A small web service for Node',
      host: { node: { version: ['node', '--version'], range: '>=20' } },
      bin: { '{name}': 'bin/{name}' },
      config: [{ path: 'etc/{name}.json' }],
      checks: [{ name: 'syntax', run: ['node', '--check', 'lib/server.mjs'] }],
    },
    files: {
      'bin/{name}': [
        '#!/bin/sh',
        '# Found through a link in current/bin: the bundle is where this file really lies.',
        'here=$(dirname "$(dirname "$(readlink -f "$0")")")',
        'exec node "$here/lib/server.mjs" "$@"',
        '',
      ].join('\n'),
      'etc/{name}.json': '{ "port": 8080 }\n',
      'lib/server.mjs': [
        "import { readFileSync } from 'node:fs';",
        "import { createServer } from 'node:http';",
        "import { argv } from 'node:process';",
        '',
        "const [file = new URL('../etc/{name}.json', import.meta.url)] = argv.slice(2);",
        "const { port } = JSON.parse(readFileSync(file, 'utf8'));",
        "createServer((_request, response) => response.end('{name}\\n')).listen(port, '127.0.0.1');",
        '',
      ].join('\n'),
    },
  },
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
