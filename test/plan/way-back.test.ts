import { describe, expect, it } from 'vitest';
import { planOf, world } from './world.ts';

describe('the way back', () => {
  const app = { depends: { perl: '*' }, services: { web: { start: ['bin/web'] } } };

  it('disturbs a service of a bundle that stays as the way there does', () => {
    const decision = world()
      .with('perl 5.6.1')
      .with('app 1.0.0', app)
      .running('app/web', '1.0.0')
      .offer('perl 5.8.0')
      .install();
    expect(planOf(decision)).toMatchObject({ class: 'restart', wayBack: { class: 'restart', loses: [] } });
  });

  it('names the data that has to be given up on it, where that is all that bars it', () => {
    const data = world().with('data 1.0.0', { monotonic: true }).offer('data 2.0.0', { monotonic: true }).install();
    expect(planOf(data).wayBack).toMatchObject({ accept: ['data'], loses: [expect.stringContaining('may only go')] });
    const code = world().with('code 1.0.0').offer('code 2.0.0').install();
    expect(planOf(code).wayBack).toEqual({ class: 'none', loses: [] });
  });

  it('disturbs nobody where that service does not run', () => {
    const decision = world().with('perl 5.6.1').with('app 1.0.0', app).offer('perl 5.8.0').install();
    expect(planOf(decision)).toMatchObject({ class: 'none', wayBack: { class: 'none' } });
  });
});
