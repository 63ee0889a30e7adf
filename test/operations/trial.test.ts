import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readProcess } from '../../src/system/index.ts';
import { until, type Wish, type Workbench, workbench } from '../support/pkg.ts';
import { rewriteJournal, watchersOf } from '../support/trial.ts';

/** A root where web 1.0.0 is live and 2.0.0 is on trial; its hooks write down what they did into `calls`. */
async function onTrial(time = '1h', wish: Wish = {}): Promise<Workbench> {
  const t = workbench();
  await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
  await t.ok('install', '-y', '--try', time, await t.bundle('web', '2.0.0', wish));
  return t;
}

/** Ends the watcher as a crash of the machine would, so that nobody goes back by himself. */
async function withoutWatcher(t: Workbench): Promise<void> {
  const [watcher] = watchersOf(t.root);
  if (watcher !== undefined) process.kill(watcher, 'SIGKILL');
  await until('the watcher is gone', () => watchersOf(t.root).length === 0);
}

/** The clock of the machine, two hours ahead after it was looked at as often as the environment says. */
const CROSSING = `
const os = require('node:os');
const { uptime } = os;
let looks = Number(process.env.LOOKS);
os.uptime = () => uptime() + (looks-- > 0 ? 0 : 7200);
`;

const live = (t: Workbench): string => fs.readlinkSync(t.at('current'));
const noWatcher = (t: Workbench) => until('the watcher is gone', () => watchersOf(t.root).length === 0);

describe('a change on trial', () => {
  test('is live, and says until when', async () => {
    const t = workbench();
    await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
    const tried = await t.ok('install', '-y', '--json', '--try', '1h', await t.bundle('web', '2.0.0'));
    expect(tried.json).toMatchObject({ event: 'result', outcome: 'trial', generation: 2 });
    expect(await t.installed()).toEqual(['web@2.0.0']);
    const { json } = await t.ok('status', '--json');
    expect(json).toMatchObject({ generation: 2, outcome: 'trial', openTransaction: null });
    expect(json.trialUntil).toBe(tried.json.trialUntil);
    expect(Date.parse(json.trialUntil)).toBeGreaterThan(Date.now());
    expect((await t.ok('status')).out).toMatch(/on trial +until .* keep it: pkg commit/);
    const { transactions } = (await t.ok('history', '--json')).json;
    expect(transactions.at(-1)).toMatchObject({ outcome: 'trial', finishedAt: null, from: 1, to: 2 });
  });

  test('that was the first of all has nothing to go back to, and its commit says what removes it', async () => {
    const t = workbench();
    await t.ok('install', '-y', '--try', '1h', await t.bundle('web', '1.0.0'));
    expect((await t.ok('commit')).err).toContain('the way back: pkg remove --all');
    await t.ok('install', '-y', '--try', '1h', await t.bundle('web', '2.0.0'));
    const committed = await t.ok('commit', '--json');
    expect(committed.json).toMatchObject({ outcome: 'committed', wayBack: 'pkg rollback' });
  });

  test('shows its own end as the plan of a rollback, and a rollback does that', async () => {
    const t = await onTrial();
    const { json } = await t.ok('plan', 'rollback', '--json');
    expect(json).toMatchObject({
      from: 2,
      to: 1,
      changes: [{ name: 'web', from: '2.0.0', to: '1.0.0', direction: 'down' }],
      givesUp: { transaction: 2, command: expect.stringContaining('--try 1h') },
    });
    const kinds = json.steps.map((step: { kind: string }) => step.kind);
    expect(kinds.indexOf('switch')).toBeLessThan(kinds.indexOf('write-generation'));
    const text = (await t.ok('plan', 'rollback')).out;
    expect(text).toContain('generation 2 -> generation 1\ngives up transaction 2');
    expect(await t.pkg('plan', 'rollback', '--exit-code')).toMatchObject({ exit: 10 });
    expect(await t.pkg('plan', 'rollback', '-o', 'back.json')).toMatchObject({ exit: 2 });
    await t.ok('rollback', '-y');
    expect(await t.installed()).toEqual(['web@1.0.0']);
  });

  test('keeps every other change out until it is over', async () => {
    const t = await onTrial();
    const other = await t.bundle('other', '1.0.0');
    for (const words of [
      ['install', '-y', other],
      ['install', '-n', other],
      ['remove', '-y', 'web'],
      ['rollback', '-y', '1'],
      ['pin', 'web'],
      ['gc'],
      ['verify', '--repair'],
    ]) {
      const refused = await t.pkg(...words, '--json');
      expect([words.join(' '), refused.exit, refused.error.code]).toEqual([words.join(' '), 3, 'trial-open']);
      expect(refused.error.hint).toMatch(/pkg commit.*pkg rollback/);
    }
    expect((await t.ok('recover', '--json')).json).toMatchObject({ outcome: 'nothing-to-do', trial: { id: 2 } });
    await t.ok('verify');
    expect(await t.installed()).toEqual(['web@2.0.0']);
  });

  test.each([
    ['upgrade', ['upgrade', '-y']],
    ['downgrade', ['downgrade', '-y', '--force', 'web@1.0.0']],
    ['rollback', ['rollback', '-y', '1']],
  ])('can be made by %s as well', async (_, words) => {
    const t = workbench();
    for (const version of ['1.0.0', '3.0.0', '2.0.0']) {
      const how = version === '2.0.0' ? ['downgrade', '-y', '--force'] : ['install', '-y'];
      await t.ok(...how, await t.bundle('web', version));
    }
    const { json } = await t.ok(...words, '--json', '--try', '1h');
    expect(json).toMatchObject({ outcome: 'trial', generation: 4 });
    await t.ok('rollback');
    expect(await t.installed()).toEqual(['web@2.0.0']);
  });

  test.each(['0s', 'soon', '-5m'])('takes a duration: %s is none', async (time) => {
    const t = workbench();
    const refused = await t.pkg('install', '-y', `--try=${time}`, await t.bundle('web', '1.0.0'));
    expect(refused.exit).toBe(2);
    expect(t.exists('current')).toBe(false);
  });
});

describe('pkg commit', () => {
  test('keeps what is on trial', async () => {
    const t = await onTrial();
    expect((await t.ok('commit', '-n')).err).toMatch(/would be committed/);
    const committed = await t.ok('commit', '--json');
    expect(committed.json).toMatchObject({ event: 'result', outcome: 'committed', generation: 2 });
    expect(committed.json.changes).toMatchObject([{ name: 'web', from: '1.0.0', to: '2.0.0' }]);
    expect((await t.ok('status', '--json')).json).toMatchObject({ outcome: 'good', trialUntil: null });
    await noWatcher(t);
    await t.ok('rollback', '-y');
    expect(await t.installed()).toEqual(['web@1.0.0']);
  });

  test('collects what only older generations held, as every commit does', async () => {
    const t = await onTrial();
    fs.writeFileSync(t.at('settings.json'), '{ "keep": 1 }\n');
    expect(t.exists('generations', '1')).toBe(true);
    await t.ok('commit');
    expect(t.exists('generations', '1')).toBe(false);
  });

  test('finds nothing to keep where nothing is on trial, and makes no root for it', async () => {
    const t = workbench();
    const nowhere = await t.pkg('commit', '--json');
    expect([nowhere.exit, nowhere.error.code]).toEqual([3, 'no-trial']);
    expect(t.exists('.')).toBe(false);
    await t.ok('install', '-y', await t.bundle('web', '1.0.0'));
    expect((await t.pkg('commit')).exit).toBe(3);
  });

  test('comes too late when the time is over', async () => {
    const t = await onTrial();
    await withoutWatcher(t);
    rewriteJournal(t.at('transactions/2'), (record) => (record.record === 'TRIAL' ? { ...record, until: 0 } : record));
    expect((await t.ok('status', '--json')).json.openTransaction).toMatchObject({ id: 2 });
    const late = await t.pkg('commit', '--json');
    expect([late.exit, late.error.code, late.json.generation]).toEqual([3, 'no-trial', 1]);
    expect(await t.installed()).toEqual(['web@1.0.0']);
  });
});

describe('a root that was damaged during a trial', () => {
  test('is not committed when current names something else; the way back is open', async () => {
    const t = await onTrial();
    fs.rmSync(t.at('current'));
    fs.symlinkSync('generations/1', t.at('current'));
    const refused = await t.pkg('commit', '--json');
    expect([refused.exit, refused.error.code, refused.error.hint]).toEqual([5, 'root-damaged', 'pkg rollback']);
    await t.ok('rollback');
    expect(await t.installed()).toEqual(['web@1.0.0']);
    expect((await t.pkg('commit')).exit).toBe(3);
  });

  test('gets the record of its generation back, and stays on trial', async () => {
    const t = await onTrial();
    t.tamper('generations/2/generation.json', '{');
    await t.ok('recover');
    expect(await t.installed()).toEqual(['web@2.0.0']);
    await t.ok('commit');
  });
});

describe('pkg rollback', () => {
  test('gives up what is on trial, and nothing more', async () => {
    const t = await onTrial();
    expect((await t.ok('rollback', '-n')).err).toMatch(/would be undone/);
    const back = await t.ok('rollback', '--json');
    expect(back.json).toMatchObject({ event: 'result', outcome: 'undone', generation: 1 });
    expect(back.events.filter(({ event }) => event === 'error')).toEqual([]);
    const { failure, outcome } = (await t.ok('history', '2', '--json')).json.transactions[0];
    expect([outcome, failure.code]).toEqual(['undone', 'trial-over']);
    await noWatcher(t);
    await t.ok('install', '-y', await t.bundle('other', '1.0.0'));
  });

  test('leaves nothing of a first install', async () => {
    const t = workbench();
    await t.ok('install', '-y', '--try', '1h', await t.bundle('web', '1.0.0'));
    expect((await t.ok('rollback', '--json')).json).toMatchObject({ outcome: 'undone', generation: null });
    expect(t.exists('current')).toBe(false);
  });

  test('lets hooks find what they noted for their undo', async () => {
    const t = await onTrial('1h', {
      hooks: { postinstall: 'echo 17 > "$PKG_SCRATCH/noted"', preremove: 'cp "$PKG_SCRATCH/noted" "$PKG_ROOT/found"' },
    });
    await t.ok('recover');
    await t.ok('rollback');
    expect(t.read('found')).toBe('17\n');
    expect(t.exists('transactions/2/scratch')).toBe(false);
  });

  test('keeps what was edited during the trial', async () => {
    const t = workbench();
    const wish = { files: { 'etc/web.conf': 'port 80\n' }, config: [{ path: 'etc/web.conf' }] };
    await t.ok('install', '-y', await t.bundle('web', '1.0.0', wish));
    await t.ok('install', '-y', '--try', '1h', await t.bundle('web', '2.0.0', wish));
    fs.writeFileSync(t.at('current/etc/web/web.conf'), 'port 8080\n');
    await t.ok('rollback');
    expect(t.read('current/etc/web/web.conf')).toBe('port 80\n');
    expect(t.read('current/etc/web/web.conf.pkg-edited-2')).toBe('port 8080\n');
  });
});

describe('a trial that nobody ends', () => {
  test('goes back by itself', async () => {
    const t = await onTrial('1s');
    await until('generation 1 is live', () => live(t) === 'generations/1');
    await noWatcher(t);
    expect((await t.ok('status', '--json')).json).toMatchObject({ outcome: 'good', openTransaction: null });
    expect(t.read('transactions/2/log/trial.log')).toMatch(/on trial and not committed in time; it was undone/);
  });

  test('is watched from a session of its own, which no hangup ends', async () => {
    const t = await onTrial();
    const [watcher = 0] = watchersOf(t.root);
    expect(readProcess(watcher)?.group).toBe(watcher);
    expect(openedBy(watcher)).not.toContainEqual(expect.stringMatching(/\/lock$|^\/dev\/(pts|tty)/));
    await until('it has come to hear of signals', () => hearsHangups(watcher));
    process.kill(watcher, 'SIGHUP');
    await t.ok('status');
    expect(watchersOf(t.root)).toEqual([watcher]);
    await t.ok('commit');
    await noWatcher(t);
  });

  test.each([
    ['its time is over', { until: 0 }],
    ['the machine was restarted', { bootId: 'another' }],
  ])('is taken back by the next command when %s and nothing watched it', async (_, change) => {
    const t = await onTrial();
    await withoutWatcher(t);
    rewriteJournal(t.at('transactions/2'), (record) => (record.record === 'TRIAL' ? { ...record, ...change } : record));
    const next = await t.ok('install', '-y', await t.bundle('other', '1.0.0'));
    expect(next.err).toMatch(/the trial of transaction 2 .* was over; it was undone first/);
    expect(await t.installed()).toEqual(['other@1.0.0', 'web@1.0.0']);
  });

  test('is either still on trial to the next command or taken back by it, at whichever look its time runs out', async () => {
    const t = await onTrial();
    await withoutWatcher(t);
    const other = await t.bundle('other', '1.0.0');
    const preload = path.join(t.home, 'clock.cjs');
    fs.writeFileSync(preload, CROSSING);
    // Refused, a command changes nothing, so that the next one may find the time run out a look earlier.
    for (let looks = 6; live(t) === 'generations/2'; looks--) {
      const env = { NODE_OPTIONS: `-r ${preload}`, LOOKS: String(looks) };
      const next = await t.run(['install', '-y', other], { env });
      if (next.exit === 0) expect(next.err).toMatch(/the trial of transaction 2 .* was over; it was undone first/);
      else expect(next.err).toContain('error[trial-open]: transaction 2 ');
    }
    expect(await t.installed()).toEqual(['other@1.0.0', 'web@1.0.0']);
  });

  test('is taken back by the recovery at boot', async () => {
    const t = await onTrial();
    await withoutWatcher(t);
    rewriteJournal(t.at('transactions/2'), (record) =>
      record.record === 'TRIAL' ? { ...record, bootId: 'another' } : record,
    );
    expect((await t.ok('recover')).err).toMatch(/on trial and not committed in time; it was undone/);
    expect(live(t)).toBe('generations/1');
  });
});

describe('a trial and a kill', () => {
  test('in the middle of going back: it is no trial any more, and recovery goes all the way', async () => {
    const waiting = `case $1 in abort-*) touch "$PKG_ROOT/began"; while [ ! -e "$PKG_ROOT/go" ]; do sleep 0.02; done;; esac`;
    const t = await onTrial('1h', { hooks: { postinstall: 'exit 0', preremove: waiting } });
    const { child, ended } = t.start(['rollback']);
    await until('the way back has begun', () => fs.existsSync(t.at('began')));
    child.kill('SIGKILL');
    await ended;
    await noWatcher(t);
    expect((await t.ok('status', '--json')).json).toMatchObject({ trialUntil: null, openTransaction: { id: 2 } });
    fs.writeFileSync(t.at('go'), '');
    await t.ok('recover');
    expect(await t.installed()).toEqual(['web@1.0.0']);
  });
});

function openedBy(pid: number): readonly string[] {
  return fs.readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try {
      return [fs.readlinkSync(`/proc/${pid}/fd/${descriptor}`)];
    } catch {
      return [];
    }
  });
}

/** proc_pid_status(5): the lowest bit of SigCgt is SIGHUP. */
function hearsHangups(pid: number): boolean {
  const caught = /^SigCgt:\s+([0-9a-f]+)$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${caught}`) & 1n) === 1n;
}
