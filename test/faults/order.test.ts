import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changedElsewhere } from '../crash/fault.ts';
import { leave, restore } from '../crash/place.ts';
import { runProgram } from '../crash/program.ts';
import { prepareScenario, type Scenario } from '../crash/scenarios.ts';

/** What may be written while nothing is promised: staging, the journal's own folder, the lock, and marks that say what is so anyway. */
const STAGING = /^(tmp|transactions)(\/|$)|^(lock|\.root\.json\.|root\.json$|store\/[^/]+(\/\.+sealed-|$))|^$/;

describe.each(['install', 'upgrade', 'remove', 'rollback'] as const)('the order of what %s writes', (name) => {
  let scenario: Scenario;
  let calls: readonly { readonly call: string; readonly path: string }[];

  beforeAll(async () => {
    scenario = await prepareScenario(name);
    const { root } = scenario.place;
    calls = scenario.calls.map((line) => {
      const [call = '', ...path] = line.split(' ');
      return { call, path: path.join(' ').replace(root, '').replace(/^\//, '') };
    });
  });

  afterAll(() => leave(scenario.place));

  const isJournal = (path: string): boolean => path.endsWith('/journal.jsonl');
  const first = (call: string, path: RegExp, from = 0): number =>
    calls.findIndex((one, at) => at >= from && one.call === call && path.test(one.path));
  const begin = (): number => first('fsync', /journal\.jsonl$/);
  const switched = (): number => first('rename', /^tmp\/current\.\d+\.link$/);

  test('nothing is written but below the root, where links were declared, and in TMPDIR', () => {
    expect(changedElsewhere(scenario.place.log)).toEqual([]);
  });

  test('nothing outside staging before BEGIN is durable', () => {
    const early = calls
      .slice(0, begin())
      .filter(({ call, path }) => call !== 'fsync' && call !== 'link' && !STAGING.test(path));
    expect(begin()).toBeGreaterThan(0);
    expect(early.filter(({ call, path }) => !(call === 'mkdir' && !path.includes('/')))).toEqual([]);
  });

  test('no switch before the generation and its place are durable', () => {
    const made = first('rename', /^tmp\/generation-\d+$/);
    const record = first('fsync', /^tmp\/generation-\d+\/\.generation\.json\./);
    const place = first('fsync', /^generations$/, made);
    expect([record, made, place, switched()]).toEqual([record, made, place, switched()].toSorted((a, b) => a - b));
    expect(record).toBeGreaterThan(begin());
  });

  test('the switch is durable before anything is noted behind it', () => {
    const noted = calls.findIndex(({ call, path }, at) => at > switched() && call === 'write' && isJournal(path));
    const durable = first('fsync', /^$/, switched());
    expect(durable).toBeGreaterThan(switched());
    expect(durable).toBeLessThan(noted);
  });

  test('COMMIT is durable before anything old is thrown away', () => {
    const last = calls.findLastIndex(({ call, path }) => call === 'write' && isJournal(path));
    const durable = first('fsync', /journal\.jsonl$/, last);
    const thrownAway = calls.findIndex(
      ({ call, path }) => call === 'rename' && /^(generations\/\d|store\/[^/]+\/\d)/.test(path),
    );
    expect(durable).toBeGreaterThan(last);
    if (thrownAway !== -1) expect(durable).toBeLessThan(thrownAway);
  });
});

test('what is written elsewhere would be seen', async () => {
  const { place, words } = await prepareScenario('install');
  restore(place, 'before');
  await runProgram(place.program, words, { at: 0, what: '', below: [place.root], log: place.log });
  const links = ['perl', 'mod_perl', 'site'].map((name) => `${place.outside}/${name}.conf`);
  for (const link of links) expect(changedElsewhere(place.log).join()).toContain(link);
  leave(place);
});
