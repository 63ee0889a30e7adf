import { expect, test } from 'vitest';
import { freePort } from '../hooks/stage.ts';
import { serviceBench } from './service-bench.ts';

/** Starts the new server on its spare port and asks it who it is. */
const ASK_BESIDE = `#!${process.execPath}
const { spawn } = require('node:child_process');
const port = process.env.PKG_PORT_SERVER;
const server = spawn(process.execPath, ['server.js', port], { env: process.env });
server.stdout.once('data', async () => {
  const answer = await (await fetch('http://127.0.0.1:' + port + '/')).json();
  console.log('1..1\\n' + (answer.version === process.env.PKG_VERSION ? 'ok 1' : 'not ok 1 ' + answer.version));
  // The server is left behind: it is ended with the check.
  process.exit(0);
});
`;

/** After the switch the service itself is asked, and everything else depends on the version. */
const suite = (words: string) => `#!/bin/sh
test -n "$PKG_PORT_SERVER" || exit 8
${words}
`;

test('a suite that hangs, crashes, prints nothing or runs too little undoes all, and the old version serves', async () => {
  const t = await serviceBench();
  const ports = [await t.portOf('web'), await freePort()];
  const make = (version: string, words: string) =>
    t.web(
      'web',
      version,
      { ports, path: 'exact', reload: undefined, autostart: true },
      {
        files: { 'bin/beside': ASK_BESIDE, 'bin/suite': suite(words) },
        checks: [
          { name: 'beside', run: ['bin/beside'], expect: { tests: 1 } },
          { name: 'suite', run: ['bin/suite'], when: ['switched'], timeout: '2s', expect: { tests: 'last-1%' } },
        ],
      },
    );
  const ran = (tests: number) => `echo 'Files=1, Tests=${tests}, 1 wallclock secs'; echo 'Result: PASS'`;
  await t.ok('install', '-y', await make('1.0.0', ran(9400)));
  const failures = [
    ['2.0.0', 'exec sleep 600', 'did not end within 2s'],
    ['2.1.0', 'kill -SEGV $$', 'was ended by SIGSEGV'],
    ['2.2.0', 'exit 0', 'it printed no number of tests'],
    ['2.3.0', ran(400), 'tests are 400, not last-1% (the last good run had 9400)'],
    ['2.4.0', 'echo "ok 1"; echo "Bail out! no database"; exit 0', 'it gave up: Bail out! no database'],
  ] as const;
  for (const [version, words, said] of failures) {
    const { exit, error } = await t.pkg('install', '-y', '--json', await make(version, words));
    expect([exit, error.code, error.message]).toEqual([7, 'check-failed', expect.stringContaining(said)]);
    expect(await t.ask('web')).toMatchObject({ version: '1.0.0' });
  }
  await t.ok('install', '-y', await make('3.0.0', ran(9399)));
  expect(await t.ask('web')).toMatchObject({ version: '3.0.0' });
});
