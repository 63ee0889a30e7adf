import { expect, test } from 'vitest';
import { leave } from '../crash/place.ts';
import { judgeBlow, makeWholeRoot } from './damage.ts';

// `npm run test:faults` strikes every file, in every way.
const PARTS = ['current', 'generations/2/generation.json', 'generations/1/etc/perl', 'root.json'];

test('a root that was struck is found out, and healed or told what it lost', async () => {
  const place = await makeWholeRoot();
  try {
    for (const [nth, part] of PARTS.entries()) {
      const blow = (['removed', 'bit-flipped', 'removed', 'cut in half'] as const)[nth] ?? 'removed';
      expect(await judgeBlow(place, part, blow), `${part} ${blow}`).toEqual([]);
    }
  } finally {
    leave(place);
  }
});
