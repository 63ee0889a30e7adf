import { expect, test } from 'vitest';
import { commitMisdeed } from '../commit-misdeed.ts';
import { FATAL, HARMLESS } from '../misdeeds.ts';

test.each(Object.entries(FATAL))('a hook that %s ends the change, and all is as before', async (_, misdeed) => {
  expect(await commitMisdeed(misdeed)).toEqual([]);
});

test.each(Object.entries(HARMLESS))('a hook that %s harms nobody', async (_, misdeed) => {
  expect(await commitMisdeed(misdeed)).toEqual([]);
});
