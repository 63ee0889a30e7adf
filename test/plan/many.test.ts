import { expect, test } from 'vitest';
import type { KnownBundle, Manifest } from '../../src/model/index.ts';
import { world } from './world.ts';

/** How often the manifests are looked into until it is decided to install that many bundles, each on top of another. */
function looksFor(count: number): number {
  let looks = 0;
  const counted = (bundle: KnownBundle): KnownBundle => ({
    ...bundle,
    manifest: new Proxy<Manifest>(bundle.manifest, {
      get: (manifest, key) => {
        looks += 1;
        return Reflect.get(manifest, key);
      },
    }),
  });
  let offered = world();
  for (let at = 0; at < count; at += 1)
    offered = offered.offer(`b${at} 1.0.0`, {
      depends: at === 0 ? {} : { [`b${Math.floor((at - 1) / 2)}`]: '>=1' },
      replaces: { [`old-b${at}`]: '*' },
      data: { directory: true, reads: [1], writes: 1 },
      services: { web: { start: ['bin/web'] } },
    });
  const known = [...offered.facts.known].map(([digest, bundle]) => [digest, counted(bundle)] as const);
  expect(offered.fact({ known: new Map(known) }).install()).toMatchObject({ kind: 'plan' });
  return looks;
}

test('twice as many bundles are twice as much to think about, not four times', () => {
  const [few, many] = [looksFor(100), looksFor(200)];
  expect(many / few).toBeLessThan(2.2);
});
