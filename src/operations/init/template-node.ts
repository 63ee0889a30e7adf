import { PORT_SETTING, PROOF, type Template } from './template.ts';

/** A web service for Node. */
export const nodeTemplate: Template = {
  shows: 'a web service for Node with a setting, a configuration file and a command',
  manifest: {
    description: 'A small web service for Node',
    host: { node: { version: ['node', '--version'], range: '>=20' } },
    bin: { '{name}': 'bin/{name}' },
    config: [{ path: 'etc/{name}.json' }],
    settings: { port: PORT_SETTING },
    checks: [{ name: 'syntax', run: ['node', '--check', 'lib/server.mjs'] }],
    services: {
      server: {
        start: ['bin/{name}', '${setting.port}'],
        ready: { ...PROOF, timeout: '20s' },
      },
    },
  },
  files: {
    'bin/{name}': [
      '#!/bin/sh',
      '# Found through a link in current/bin: the bundle is where this file really lies.',
      'here=$(dirname "$(dirname "$(readlink -f "$0")")")',
      'exec node "$here/lib/server.mjs" "$@"',
      '',
    ].join('\n'),
    'etc/{name}.json': '{ "greeting": "It works" }\n',
    'lib/server.mjs': [
      "import { readFileSync } from 'node:fs';",
      "import { createServer } from 'node:http';",
      "import { join } from 'node:path';",
      "import { argv, env } from 'node:process';",
      '',
      "const [port = '8080'] = argv.slice(2);",
      '// pkg says where the configuration lies that an operator may have edited.',
      "const folder = env.PKG_CONFIG_DIR ?? join(import.meta.dirname, '../etc');",
      "const { greeting } = JSON.parse(readFileSync(join(folder, '{name}.json'), 'utf8'));",
      'createServer((_request, response) => {',
      '  // Seen by the `ready` of bundle.json: nobody else who has this port is taken for this version.',
      "  response.setHeader('x-served-by', `${env.PKG_NAME}/${env.PKG_VERSION}`);",
      '  response.end(`${greeting}\\n`);',
      "}).listen(Number(port), '127.0.0.1');",
      '',
    ].join('\n'),
  },
};
