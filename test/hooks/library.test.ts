import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { oppositeHook } from '../../src/model/index.ts';
import { Stage } from './stage.ts';

const LIBRARY = join(import.meta.dirname, '../../hooks');
// What has an ending is no program: it lies beside one.
const HOOKS = readdirSync(LIBRARY).filter((name) => !name.includes('.'));
const PAIRED = HOOKS.filter((name) => oppositeHook(name) !== null);

describe('the library of ready-made hooks', () => {
  it('holds both hooks of every pair', () => {
    expect(PAIRED).toHaveLength(10);
    for (const name of PAIRED) expect(HOOKS).toContain(oppositeHook(name)?.replace('pkg:', ''));
  });

  it.each(HOOKS)('can run %s as it is, and tells its purpose, its variables and its undo', (name) => {
    const head = readFileSync(join(LIBRARY, name), 'utf8').split('\n').slice(0, 20).join('\n');
    expect(statSync(join(LIBRARY, name)).mode & 0o777).toBe(0o755);
    expect(head).toMatch(new RegExp(`^#!/bin/sh\n(':' //.*\n)?(#|//) ${name}: [^]*\n(#|//) Undo`));
  });

  it.each(HOOKS)('documents every variable of %s', (name) => {
    const readme = readFileSync(join(LIBRARY, 'README.md'), 'utf8');
    const chapter = readme.split('\n### ').find((part) => part.split('\n')[0]?.includes(`\`${name}\``)) ?? '';
    const variables = /^(?:#|\/\/)  +([A-Z_]+) /gm;
    const named = [...readFileSync(join(LIBRARY, name), 'utf8').matchAll(variables)].map(([, variable]) => variable);
    expect(named.filter((variable) => !chapter.includes(`\`${variable}\``))).toEqual([]);
    expect(chapter).not.toBe('');
  });

  it.each(PAIRED)('undoes nothing with %s where its opposite did nothing', async (name) => {
    await using stage = new Stage();
    expect(await stage.run(name, 'abort-install')).toEqual({ code: 0, says: '' });
    expect(readdirSync(stage.scratch)).toEqual([]);
  });
});
