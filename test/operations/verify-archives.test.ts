import fs from 'node:fs';
import { expect, test } from 'vitest';
import { workbench } from '../support/pkg.ts';

test('a kept archive that was damaged or lost is named by verify --all, and good again when it was copied back', async () => {
  const t = workbench();
  const archive = await t.bundle('web', '1.0.0');
  await t.ok('install', '-y', archive);
  const [kept = ''] = fs.readdirSync(t.at('archives'));
  fs.truncateSync(t.at('archives', kept), 60);
  expect((await t.pkg('verify')).exit).toBe(0);
  for (const change of ['changed', 'missing']) {
    const { exit, out, err } = await t.pkg('verify', '--all', '--repair');
    expect(exit).toBe(1);
    expect(out).toMatch(new RegExp(`^${change} +web: archives/${kept}$`, 'm'));
    expect(err).toContain('hint: copy the same archive there again');
    fs.rmSync(t.at('archives', kept), { force: true });
  }
  fs.copyFileSync(archive, t.at('archives', kept));
  await t.ok('verify', '--all');
});
