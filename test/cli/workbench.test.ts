import { expect, test } from 'vitest';
import { workbench } from '../support/pkg.ts';

test('builds a bundle and installs it', async () => {
  const t = workbench();
  const perl = await t.bundle('perl', '5.8.0', {
    files: { 'bin/perl': '#!/bin/sh\necho 5.8.0\n' },
    bin: { perl: 'bin/perl' },
  });
  const { json } = await t.ok('install', '-y', '--json', perl);
  expect(json).toMatchObject({ event: 'result', outcome: 'committed', generation: 1 });
  expect(await t.installed()).toEqual(['perl@5.8.0']);
  expect(t.read('current/bundles/perl/data.txt')).toBe('perl 5.8.0\n');
});
