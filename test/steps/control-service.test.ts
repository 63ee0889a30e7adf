import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Step } from '../../src/model/index.ts';
import { isDead } from '../service/service-world.ts';
import { untilSo } from '../support/until.ts';
import { serviceStepsWorld } from './service-steps-world.ts';
import type { Body } from './step-world.ts';

type Control = Extract<Step, { readonly kind: 'control-service' }>;

/** Writes down what it is asked; says no when the bundle has a file `busy`. */
const CONTROL = `#!/bin/sh
folder=$(dirname "$0")
printf '%s ' "$1" >> "$PKG_ROOT/../asked"
cat >> "$PKG_ROOT/../asked"
if [ -e "$folder/busy" ]; then echo '{"ok":false,"error":"in the middle of a call"}'; exit 0; fi
echo '{"ok":true}'
`;

/** `web` 1.0.0 runs, 2.0.0 is installed beside it; both have a control program. */
async function controlled(files: Readonly<Record<string, string>> = {}) {
  const t = await serviceStepsWorld();
  const service = { control: 'ctl', ready: { tcp: '127.0.0.1:${port}' } };
  const one = await t.web('1.0.0', service, { ctl: CONTROL });
  const two = await t.web('2.0.0', service, { ctl: CONTROL, ...files });
  t.live(2, [two]);
  t.live(1, [one]);
  const step = (wish: Partial<Control> = {}): Body => ({
    kind: 'control-service',
    service: t.at(one, 1),
    program: two,
    other: one,
    verb: 'suspend',
    direction: 'up',
    fromVersion: '1.0.0',
    toVersion: '2.0.0',
    extra: { modules: ['front'] },
    timeout: '5s',
    undoVerb: 'resume',
    irreversible: false,
    ...wish,
  });
  const asked = (): readonly { readonly verb: string; readonly request: object }[] => {
    const file = path.join(t.home, 'asked');
    if (!fs.existsSync(file)) return [];
    const lines = fs.readFileSync(file, 'utf8').trim().split('\n');
    return lines.map((line) => ({
      verb: line.split(' ', 1)[0] ?? '',
      request: JSON.parse(line.slice(line.indexOf(' '))),
    }));
  };
  return { ...t, one, two, step, asked };
}

const NONE = { added: [], changed: [], removed: [] };

describe('control-service', () => {
  test('the program of the newer bundle is told everything about the service that runs', async () => {
    const t = await controlled();
    const { pid } = await t.running(t.at(t.one, 1));
    await t.do(t.step());
    expect(t.asked()).toEqual([
      {
        verb: 'suspend',
        request: {
          verb: 'suspend',
          direction: 'up',
          from: '1.0.0',
          to: '2.0.0',
          extra: { modules: ['front'] },
          service: 'web/server',
          version: '1.0.0',
          pid,
          port: t.ports[0],
          root: t.layout.root,
          bundleDir: t.layout.bundle(t.two),
          configDir: path.join(t.layout.generation(1), 'etc', 'web'),
          dataDir: t.layout.dataOf('web'),
          changed: { files: NONE, settings: NONE },
          previousConfigDir: null,
        },
      },
    ]);
  });

  test('undo says the opposite verb, the other way round', async () => {
    const t = await controlled();
    await t.running(t.at(t.one, 1));
    await t.undo(t.step(), await t.do(t.step()));
    expect(t.asked().at(-1)).toMatchObject({
      verb: 'resume',
      request: { direction: 'down', from: '2.0.0', to: '1.0.0' },
    });
  });

  test('what cannot be taken back is not asked for', async () => {
    const t = await controlled();
    await t.running(t.at(t.one, 1));
    const step = t.step({ verb: 'call', undoVerb: null, irreversible: true });
    await t.undo(step, await t.do(step));
    expect(t.asked()).toHaveLength(1);
  });

  test('a no fails the change, with what it said', async () => {
    const t = await controlled({ busy: '' });
    await t.running(t.at(t.one, 1));
    await expect(t.do(t.step())).rejects.toMatchObject({
      code: 'control-failed',
      message: expect.stringContaining('said no: in the middle of a call'),
    });
  });

  test('one that does not run cannot be asked, and has nothing to take back', async () => {
    const t = await controlled();
    await expect(t.do(t.step())).rejects.toMatchObject({
      message: 'cannot suspend web/server: it no longer runs',
    });
    await t.undo(t.step(), undefined);
    expect(t.asked()).toEqual([]);
  });

  test('one that ended meanwhile has forgotten what it was told', async () => {
    const t = await controlled();
    const { pid } = await t.running(t.at(t.one, 1));
    const note = await t.do(t.step());
    process.kill(pid ?? 0, 'SIGKILL');
    await untilSo(() => isDead(pid));
    await t.undo(t.step(), note);
    expect(t.asked()).toHaveLength(1);
  });

  test('one that ends while it is told has forgotten it, too', async () => {
    const dying = `#!/bin/sh
pid=$(sed 's/.*"pid":\\([0-9]*\\).*/\\1/')
(sleep 0.2; kill -9 "$pid") &
echo '{"ok":false,"error":"shutting down"}'
`;
    const t = await controlled({ ctl: dying });
    const { pid } = await t.running(t.at(t.one, 1));
    await t.undo(t.step(), undefined);
    expect(isDead(pid)).toBe(true);
  });

  test('told of a new configuration, it is told of the old one when everything is back', async () => {
    const t = await controlled();
    const old = t.at(t.one, 1);
    const { pid } = await t.running(old);
    const config = t.step({ verb: 'config', undoVerb: null, service: t.at(t.two, 2) });
    const undo = await t.through({ kind: 'guard-service', service: old }, { kind: 'switch', from: 1, to: 2 }, config);
    await undo();
    expect(t.asked()).toMatchObject([
      { verb: 'config', request: { direction: 'up', configDir: path.join(t.layout.generation(2), 'etc', 'web') } },
      { verb: 'config', request: { direction: 'down', configDir: path.join(t.layout.generation(1), 'etc', 'web') } },
    ]);
    expect(t.record()).toMatchObject({ pid, version: '1.0.0' });
  });

  test('a bundle without a service tells that of another something through its program, about its own folder', async () => {
    const t = await controlled();
    await t.running(t.at(t.one, 1));
    const [part1, part2] = [await t.stage('part', '1.0.0'), await t.stage('part', '1.1.0')];
    t.live(2, [t.one, part2]);
    t.live(1, [t.one, part1]);
    const wish = { program: part2, other: part1, fromVersion: '1.0.0', toVersion: '1.1.0' } as const;
    await t.do(t.step({ ...wish, verb: 'call' }));
    expect(t.asked()).toMatchObject([
      { verb: 'call', request: { service: 'web/server', to: '1.1.0', bundleDir: t.layout.bundle(part2) } },
    ]);
  });
});
