import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { settleFiles } from '../../src/config/index.ts';
import { entriesOf, type Files, filesOf } from './in-memory.ts';

/** A revision as it is kept: what was shipped for it, how it was made, and what operators have made of it. */
type Revision = { readonly shipped: Files; readonly created: Files; readonly now: Files };

type Act =
  | { readonly act: 'edit'; readonly file: string; readonly at: number }
  | { readonly act: 'add'; readonly file: string }
  | { readonly act: 'delete'; readonly file: string }
  | { readonly act: 'upgrade'; readonly ships: Files; readonly policy: 'keep' | 'new' }
  | { readonly act: 'back'; readonly by: number; readonly exact: boolean };

const file = fc.constantFrom('a', 'b', 'd/c');
const text = fc
  .array(fc.constantFrom('one', 'two', 'three', 'four', 'five'), { maxLength: 8 })
  .map((lines) => lines.map((line) => `${line}\n`).join(''));
const ships = fc.dictionary(file, text, { maxKeys: 3 });
const policy = fc.constantFrom('keep' as const, 'new' as const);
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ act: fc.constant('edit' as const), file, at: fc.nat(8) }),
  fc.record({ act: fc.constant('add' as const), file }),
  fc.record({ act: fc.constant('delete' as const), file }),
  fc.record({ act: fc.constant('upgrade' as const), ships, policy }),
  fc.record({ act: fc.constant('back' as const), by: fc.integer({ min: 1, max: 3 }), exact: fc.boolean() }),
);

describe('whatever happens to a configuration', () => {
  test('no edit is lost: it is in use, beside what is in use, or in the revision that was left', () => {
    fc.assert(
      fc.property(ships, fc.array(act, { maxLength: 14 }), (first, acts) => {
        const history = new History(first);
        for (const one of acts) history.do(one);
        for (const edit of history.edits) expect(history.holders(edit)).not.toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  test('an upgrade takes every edit of the live revision along', () => {
    fc.assert(
      fc.property(ships, fc.array(act, { maxLength: 10 }), ships, policy, (first, acts, next, side) => {
        const history = new History(first);
        for (const one of acts) history.do(one);
        const before = history.edits.filter((edit) => holds(history.live.now, edit));
        history.do({ act: 'upgrade', ships: next, policy: side });
        for (const edit of before) expect(holds(history.live.now, edit)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('up and back again restores every byte', () => {
    fc.assert(
      fc.property(ships, fc.array(act, { maxLength: 10 }), ships, policy, (first, acts, next, side) => {
        const history = new History(first);
        for (const one of acts) history.do(one);
        const before = history.live.now;
        history.do({ act: 'upgrade', ships: next, policy: side });
        history.do({ act: 'back', by: 1, exact: false });
        expect(history.live.now).toEqual(before);
      }),
      { numRuns: 1000 },
    );
  });
});

class History {
  readonly edits: string[] = [];
  readonly #revisions: Revision[];
  #count = 0;

  constructor(first: Files) {
    this.#revisions = [{ shipped: first, created: first, now: first }];
  }

  get live(): Revision {
    return this.#revisions.at(-1) ?? { shipped: {}, created: {}, now: {} };
  }

  do(one: Act): void {
    switch (one.act) {
      case 'edit':
        return this.#edit(one.file, (lines, edit) => lines.toSpliced(one.at, 0, edit));
      case 'add':
        return this.#edit(`${one.file}.local`, (lines, edit) => [...lines, edit]);
      case 'delete': {
        const { [one.file]: gone, ...rest } = this.live.now;
        // Who deletes a file has given up what was written into it.
        for (const edit of this.edits.filter((known) => gone?.includes(known)))
          this.edits.splice(this.edits.indexOf(edit), 1);
        return this.#write(rest);
      }
      case 'upgrade':
        return this.#make(one.ships, { base: this.live.shipped, theirs: one.ships }, one.policy, null);
      case 'back': {
        const target = this.#revisions.at(-1 - one.by);
        if (target === undefined) return;
        const sides = { base: this.live.created, theirs: target.now };
        return this.#make(target.shipped, sides, 'keep', one.exact ? 'pkg-edited-1' : null);
      }
      default:
        return one satisfies never;
    }
  }

  /** The revisions in which the edit can be found. */
  holders(edit: string): readonly number[] {
    return this.#revisions.flatMap(({ now }, at) => (holds(now, edit) ? [at] : []));
  }

  #edit(name: string, change: (lines: readonly string[], edit: string) => readonly string[]): void {
    this.#count += 1;
    const edit = `edit ${this.#count}`;
    const lines = (this.live.now[name] ?? '').split('\n');
    this.edits.push(edit);
    this.#write({ ...this.live.now, [name]: change(lines, edit).join('\n') });
  }

  #write(now: Files): void {
    this.#revisions[this.#revisions.length - 1] = { ...this.live, now };
  }

  #make(shipped: Files, sides: { base: Files; theirs: Files }, side: 'keep' | 'new', exact: string | null): void {
    const { entries } = settleFiles({
      base: entriesOf(sides.base),
      mine: entriesOf(this.live.now),
      theirs: entriesOf(sides.theirs),
      how: new Map(),
      policy: side,
      exact,
      choices: new Map(),
    });
    const created = filesOf(entries);
    this.#revisions.push({ shipped, created, now: created });
  }
}

function holds(files: Files, edit: string): boolean {
  return Object.values(files).some((known) => known.split('\n').includes(edit));
}
