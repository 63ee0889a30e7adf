import { describe, expect, test } from 'vitest';
import { NO_LIMITS, NO_OVERRIDES, type Request, type Settings } from '../../src/model/index.ts';
import { decide, settingQuestions } from '../../src/plan/index.ts';
import { planOf, refused, type World, world } from './world.ts';

const SETTINGS = {
  port: { type: 'number', default: 80, min: 1 },
  password: { type: 'string', secret: true },
  tls: { type: 'boolean', default: false },
  certificate: { type: 'string', when: 'tls' },
} as const;

const installed = (answers: Settings): World =>
  world()
    .with('web 1.0.0', { settings: SETTINGS })
    .fact({ settings: new Map([[1, answers]]) });

function asking(given: Settings, typed: readonly string[] = []): Request {
  const common = { command: 'pkg settings set', overrides: NO_OVERRIDES, limits: NO_LIMITS } as const;
  return { ...common, kind: 'settings', config: 'keep', settings: given, typed };
}

const WHOLE = { web: { port: 80, password: 'x', tls: false } };

describe('a decision about settings', () => {
  test('has all of them, in the types that are declared, and tells no secret in the plan', () => {
    const { facts } = installed(WHOLE);
    const decision = decide(asking({ web: { port: '81', tls: 'yes', certificate: 'a.pem', password: 'y' } }), facts);
    expect(decision).toMatchObject({
      settings: { web: { port: 81, tls: true, certificate: 'a.pem', password: 'y' } },
    });
    expect(planOf(decision).settings).toEqual({
      base: 1,
      changes: [
        { bundle: 'web', key: 'port', from: 80, to: 81, secret: false },
        { bundle: 'web', key: 'password', from: null, to: null, secret: true },
        { bundle: 'web', key: 'tls', from: false, to: true, secret: false },
        { bundle: 'web', key: 'certificate', from: null, to: 'a.pem', secret: false },
      ],
      secrets: ['web.password'],
    });
    expect(JSON.stringify(planOf(decision))).not.toContain('"y"');
  });

  test('is nothing to do when they have these values', () => {
    expect(decide(asking({ web: { port: '80' } }), installed(WHOLE).facts).kind).toBe('nothing');
  });

  test('names what another answer makes necessary', () => {
    expect(refused(decide(asking({ web: { tls: true } }), installed(WHOLE).facts))).toMatch(
      /^setting-missing: setting web\.certificate of web 1\.0\.0 has no value \| .*--set web\.certificate=VALUE$/,
    );
  });

  test('refuses a secret that was typed, and never repeats it', () => {
    const said = refused(decide(asking({ web: { password: 'geheim' } }, ['web.password']), installed(WHOLE).facts));
    expect(said).toContain('setting-invalid: web.password is a secret');
    expect(said).not.toContain('geheim');
  });

  test('gives a generation with other answers another content', () => {
    const decision = decide(asking({ web: { port: 81 } }), installed(WHOLE).facts);
    const written = planOf(decision).steps.find((step) => step.kind === 'write-generation');
    expect(written).toMatchObject({ settings: { web: '2' } });
  });

  test('asks only for what is new, each behind the one it hangs on', () => {
    const { facts } = installed({ web: { port: 80 } });
    const questions = settingQuestions(asking({}), facts);
    expect(questions.map(({ key, fallback }) => [key, fallback])).toEqual([
      ['tls', false],
      ['certificate', null],
      ['password', null],
    ]);
  });
});
