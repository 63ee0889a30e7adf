import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { needs } from '../support/needs.ts';
import { Counter } from './counter.ts';
import { freePort } from './stage.ts';

const COUNTER = { modules: ['counter'] };

describe('control-erlang', () => {
  needs('erl');

  it('changes code and state of a running node, up and down; visitors wait meanwhile and none is lost', async () => {
    await using counter = await start();
    const before = await countOf(counter.visit());
    expect(await counter.ask('suspend', 'up', COUNTER)).toBe('processes suspended: 1');
    const waiting = counter.visit();
    expect(await counter.ask('migrate', 'up', { ...COUNTER, extra: { step: 2 } })).toBe(
      'modules loaded: 1, processes migrated: 1',
    );
    expect(await counter.ask('resume', 'up', COUNTER)).toBe('processes resumed: 1');
    // It came while the module was of 1.0.0, and is counted by what is there when the counter goes on.
    expect(await waiting).toBe(`2.0.0 counts ${before + 2}`);
    expect(await counter.change('down', COUNTER)).toEqual([
      'processes suspended: 1',
      'modules loaded: 1, processes migrated: 1',
      'processes resumed: 1',
    ]);
    expect(await counter.visit()).toBe(`1.0.0 counts ${before + 3}`);
  });

  it('leaves code and state as they were when a process refuses, so that the way back finds nothing to do', async () => {
    await using counter = await start();
    const before = await countOf(counter.visit());
    await counter.ask('suspend', 'up', COUNTER);
    expect(await counter.ask('migrate', 'up', { ...COUNTER, extra: { refuse: true } })).toBe(
      'control-erlang migrate said no: counter did not change: told_to_refuse',
    );
    expect(await counter.ask('migrate', 'down', COUNTER)).toBe('modules loaded: 0, processes migrated: 0');
    await counter.ask('resume', 'down', COUNTER);
    expect(await counter.visit()).toBe(`1.0.0 counts ${before + 1}`);
  });

  it('changes back those that went before the one that refused', async () => {
    await using counter = await start();
    counter.write('other', 'start() -> {ok, _} = gen_server:start({local, other}, counter, [], []), started.');
    expect(await counter.ask('call', 'up', { load: ['other'], apply: ['other', 'start', []] })).toBe('started');
    const before = await countOf(counter.visit());
    await counter.ask('suspend', 'up', { processes: ['counter'] });
    const both = { ...COUNTER, processes: ['counter', 'other'], extra: { step: 2 } };
    // Nobody suspended the other one, and only who is suspended can change.
    expect(await counter.ask('migrate', 'up', both)).toMatch(
      /^control-erlang migrate said no: other did not change: \{unknown_system_msg/,
    );
    await counter.ask('resume', 'up', { processes: ['counter'] });
    expect(await counter.visit()).toBe(`1.0.0 counts ${before + 1}`);
  });

  it('lets those go on that it suspended when one does not answer', async () => {
    await using counter = await start({ ERLANG_TIMEOUT: '300ms' });
    const before = await countOf(counter.visit());
    expect(await counter.ask('suspend', 'up', { modules: ['counter', 'counter_http'] })).toMatch(
      /^control-erlang suspend said no: <.*> did not suspend: no answer in time$/,
    );
    expect(await counter.visit()).toBe(`1.0.0 counts ${before + 1}`);
  });

  it('does twice what it does once', async () => {
    await using counter = await start();
    const before = await countOf(counter.visit());
    for (const _ of ['once', 'twice']) await counter.ask('suspend', 'up', COUNTER);
    for (const _ of ['once', 'twice']) await counter.ask('migrate', 'up', { ...COUNTER, extra: { step: 2 } });
    for (const _ of ['once', 'twice']) await counter.ask('resume', 'up', COUNTER);
    expect(await counter.visit()).toBe(`2.0.0 counts ${before + 2}`);
  });

  it('calls functions with what JSON says, another one on the way down', async () => {
    await using counter = await start();
    const apply = {
      up: ['erlang', 'tuple_size', [[]]],
      down: [
        'lists',
        'append',
        [
          [1, 'ü'],
          [{ a: null }, true],
        ],
      ],
    };
    expect(await counter.ask('call', 'up', { apply })).toBe(
      'control-erlang call said no: erlang:tuple_size failed: badarg',
    );
    expect(await counter.ask('call', 'down', { apply })).toBe('[1,<<"ü"/utf8>>,#{<<"a">> => null},true]');
  });

  it('adds folders of the new version to the path of the code, and takes them away', async () => {
    await using counter = await start();
    const folder = join(counter.folder('2.0.0'), 'ebin');
    const ask = { apply: ['code', 'get_path', []] };
    expect(await counter.ask('call', 'up', { addPaths: ['ebin'], ...ask })).toContain(`"${folder}"`);
    expect(await counter.ask('call', 'up', { removePaths: ['ebin'], ...ask })).not.toContain(`"${folder}"`);
  });

  it('sets what sys.config says', async () => {
    await using counter = await start();
    writeFileSync(join(counter.top, 'sys.config'), '[{counter, [{greeting, "hello"}]}].\n');
    expect(await counter.ask('config', 'up')).toBe(`configured from ${counter.top}/sys.config`);
    expect(await counter.ask('call', 'up', { apply: ['application_controller', 'prep_config_change', []] })).toContain(
      '{counter,[{greeting,"hello"}]}',
    );
  });

  it('tells each application what changed, is new and is gone, as config_change of OTP does', async () => {
    await using counter = await start();
    await startGreeter(counter);
    const before = join(counter.top, 'before');
    mkdirSync(before);
    const greeter = (values: string) => `[{greeter, [${values}]}].\n`;
    writeFileSync(join(counter.top, 'sys.config'), greeter('{greeting, "hello"}, {loud, true}, {tone, 3}'));
    expect(await counter.ask('config', 'up')).toBe(`configured from ${counter.top}/sys.config`);
    expect(await toldTo(counter)).toBe('{[{greeting,"hello"}],[{loud,true},{tone,3}],[]}');

    cpSync(join(counter.top, 'sys.config'), join(before, 'sys.config'));
    writeFileSync(join(counter.top, 'sys.config'), greeter('{tone, 4}'));
    const more = { previousConfigDir: before };
    await counter.ask('config', 'up', null, { more });
    // Of what is configured no more, one has a value of its own in greeter.app.
    expect(await toldTo(counter)).toBe('{[{greeting,"good day"},{tone,4}],[],[loud]}');

    writeFileSync(join(counter.top, 'sys.config'), greeter('{tone, shrill}, {loud, false}'));
    expect(await counter.ask('config', 'up', null, { more })).toMatch(
      /^control-erlang config said no: counter@127\.0\.0\.1 did not take .*sys\.config: .*no_such_tone/,
    );
    expect(await counter.ask('call', 'up', { apply: ['greeter', 'values', []] })).toBe(
      '[{greeting,"good day"},{tone,4}]',
    );
  });

  it('names a node that does not answer in time', async () => {
    await using counter = await start({ ERLANG_TIMEOUT: '1s' });
    process.kill(counter.pid, 'SIGSTOP');
    expect(await counter.ask('suspend', 'up', COUNTER)).toBe(
      'control-erlang suspend said no: counter@127.0.0.1 does not answer, or has another cookie than the one in ' +
        join(counter.data, '.erlang.cookie'),
    );
  });

  it('says what is missing', async () => {
    await using counter = await start();
    const refusals = [
      ['suspend', null, 'extra names neither modules nor processes'],
      ['suspend', { processes: ['nobody'] }, 'counter@127.0.0.1 has no process that is registered as nobody'],
      ['migrate', { modules: ['nothing'] }, `there is no nothing.beam in ${counter.folder('2.0.0')}/ebin`],
      ['config', null, `cannot read ${counter.top}/sys.config: no such file or directory`],
      ['dance', null, "control-erlang does not know the verb 'dance'"],
    ] as const;
    for (const [verb, extra, refusal] of refusals)
      expect(await counter.ask(verb, 'up', extra)).toBe(`control-erlang ${verb} said no: ${refusal}`);
  });
});

/** The node with an epmd of its own: the machine's, if there is one, does not hear of it. */
async function start(env: Readonly<Record<string, string>> = {}): Promise<Counter> {
  return await Counter.start('counter-erlang', {
    ERL_EPMD_PORT: String(await freePort()),
    ERLANG_NODE: 'counter@127.0.0.1',
    ...env,
  });
}

async function countOf(visit: Promise<string>): Promise<number> {
  return Number((await visit).split(' ').at(-1));
}

/** An application that runs in the node, keeps what it was told last, and does not know the tone `shrill`. */
async function startGreeter(counter: Counter): Promise<void> {
  counter.write(
    'greeter',
    `begin_it() -> application:start(greeter).
told() -> persistent_term:get(greeter).
values() -> lists:sort(application:get_all_env(greeter)).
start(_, _) -> {ok, spawn_link(fun() -> receive stop -> ok end end)}.
stop(_) -> ok.
config_change(Changed, New, Removed) ->
    case proplists:get_value(tone, Changed) of
        shrill -> {error, no_such_tone};
        _ -> persistent_term:put(greeter, {lists:sort(Changed), lists:sort(New), lists:sort(Removed)}), ok
    end.`,
  );
  const folder = join(counter.folder('2.0.0'), 'ebin');
  const keys = '[{vsn, "1"}, {modules, [greeter]}, {mod, {greeter, []}}, {env, [{greeting, "good day"}]}]';
  writeFileSync(join(folder, 'greeter.app'), `{application, greeter, ${keys}}.\n`);
  const ask = { addPaths: ['ebin'], apply: ['greeter', 'begin_it', []] };
  expect(await counter.ask('call', 'up', ask)).toBe('ok');
}

function toldTo(counter: Counter) {
  return counter.ask('call', 'up', { apply: ['greeter', 'told', []] });
}
