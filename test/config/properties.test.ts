import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { besideDeleted, editedSince, settleFiles, withEdits, withoutKept } from '../../src/config/index.ts';
import { entriesOf, type Files, filesOf } from './in-memory.ts';

/** A revision as it is kept: of which version, what was shipped for it, how it was made, and what operators made of it. */
type Revision = {
  readonly version: number;
  readonly shipped: Files;
  readonly created: Files;
  readonly now: Files;
};

type Act =
  | { readonly act: 'edit'; readonly file: string; readonly at: number }
  | { readonly act: 'add'; readonly file: string }
  | { readonly act: 'delete'; readonly file: string }
  /** Another version, higher or lower, or other settings: something else is shipped. After a removal: installed again. */
  | { readonly act: 'ship'; readonly ships: Files; readonly policy: 'keep' | 'new' }
  | { readonly act: 'remove' }
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
  fc.record({ act: fc.constant('ship' as const), ships, policy }),
  fc.record({ act: fc.constant('remove' as const) }),
  fc.record({ act: fc.constant('back' as const), by: fc.integer({ min: 1, max: 3 }), exact: fc.boolean() }),
);

/** A file is deleted in a revision that did not hold the edit made in the one gone back to. */
const DELETED_IN_BETWEEN: Act[] = [
  { act: 'ship', ships: {}, policy: 'keep' },
  { act: 'edit', file: 'a', at: 0 },
  { act: 'back', by: 1, exact: true },
  { act: 'delete', file: 'a' },
  { act: 'back', by: 1, exact: false },
  { act: 'ship', ships: {}, policy: 'keep' },
  { act: 'ship', ships: {}, policy: 'keep' },
  { act: 'ship', ships: {}, policy: 'keep' },
];

describe('whatever happens to a configuration', () => {
  test('no edit is lost: it is in use, beside what is in use, or in a revision that can still be gone back to', () => {
    fc.assert(
      fc.property(ships, fc.array(act, { maxLength: 14 }), (first, acts) => {
        const history = new History(first);
        for (const one of acts) {
          history.do(one);
          for (const edit of history.edits) expect(history.holders(edit), edit).not.toEqual([]);
        }
      }),
      { numRuns: 3000, examples: [[{ a: 'one\n' }, DELETED_IN_BETWEEN]] },
    );
  });

  test('an upgrade takes every edit of the live revision along, and so does an install after a removal', () => {
    fc.assert(
      fc.property(
        ships,
        fc.array(act, { maxLength: 10 }),
        ships,
        policy,
        fc.boolean(),
        (first, acts, next, side, gone) => {
          const history = lived(first, acts);
          const before = history.edits.filter((edit) => holds(history.live.now, edit));
          if (gone) history.do({ act: 'remove' });
          history.do({ act: 'ship', ships: next, policy: side });
          for (const edit of before) expect(holds(history.live.now, edit)).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('up and back again restores every byte, by way of a removal, too', () => {
    fc.assert(
      fc.property(
        ships,
        fc.array(act, { maxLength: 10 }),
        ships,
        policy,
        fc.boolean(),
        (first, acts, next, side, gone) => {
          const history = lived(first, acts);
          const before = history.live.now;
          history.do({ act: 'ship', ships: next, policy: side });
          if (gone) history.do({ act: 'remove' });
          history.do({ act: 'back', by: 1, exact: false });
          expect(history.live.now).toEqual(before);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('what is left is what comes back when a bundle is removed and the removal is taken back', () => {
    fc.assert(
      fc.property(ships, fc.array(act, { maxLength: 10 }), fc.boolean(), (first, acts, exact) => {
        const history = lived(first, acts);
        const before = history.live.now;
        history.do({ act: 'remove' });
        history.do({ act: 'back', by: 0, exact });
        expect(history.live.now).toEqual(before);
      }),
      { numRuns: 500 },
    );
  });
});

function lived(first: Files, acts: readonly Act[]): History {
  const history = new History(first);
  for (const one of acts) history.do(one);
  return history;
}

/** Three different versions are kept, the live one among them, as garbage collection does after every change. */
const KEEP = 3;

class History {
  readonly edits: string[] = [];
  #revisions: Revision[];
  #isInstalled = true;
  #count = 0;

  constructor(first: Files) {
    this.#revisions = [{ version: 0, shipped: first, created: first, now: first }];
  }

  /** What is live, or was left behind by a removal. */
  get live(): Revision {
    return this.#revisions.at(-1) ?? { version: 0, shipped: {}, created: {}, now: {} };
  }

  do(one: Act): void {
    switch (one.act) {
      case 'edit':
        return this.#edit(one.file, (lines, edit) => lines.toSpliced(one.at, 0, edit));
      case 'add':
        return this.#edit(`${one.file}.local`, (lines, edit) => [...lines, edit]);
      case 'delete':
        return this.#delete(one.file);
      case 'ship': {
        this.#count += 1;
        const sides = { base: this.live.shipped, theirs: one.ships };
        return this.#make({ version: this.#count, shipped: one.ships }, sides, one.policy, null);
      }
      case 'remove':
        this.#isInstalled = false;
        return this.#collect();
      case 'back':
        return this.#back(one.by, one.exact);
      default:
        return one satisfies never;
    }
  }

  /** The revisions in which the edit can be found. */
  holders(edit: string): readonly number[] {
    return this.#revisions.flatMap(({ now }, at) => (holds(now, edit) ? [at] : []));
  }

  #edit(name: string, change: (lines: readonly string[], edit: string) => readonly string[]): void {
    if (!this.#isInstalled) return;
    this.#count += 1;
    const edit = `edit ${this.#count}`;
    const lines = (this.live.now[name] ?? '').split('\n');
    this.edits.push(edit);
    this.#write({ ...this.live.now, [name]: change(lines, edit).join('\n') });
  }

  #delete(name: string): void {
    if (!this.#isInstalled) return;
    const { [name]: gone, ...rest } = this.live.now;
    // Who deletes a file has given up what was written into it.
    for (const edit of this.edits.filter((known) => gone?.includes(known))) {
      this.edits.splice(this.edits.indexOf(edit), 1);
    }
    this.#write(rest);
  }

  #back(by: number, exact: boolean): void {
    const at = this.#revisions.length - 1 - by;
    const target = this.#revisions[at];
    if (target === undefined || (by === 0 && this.#isInstalled)) return;
    const since = this.#revisions
      .slice(at + 1, -1)
      .map(({ created, now }) => ({ created: entriesOf(created), now: entriesOf(now) }));
    const created = entriesOf(this.live.created);
    const restored = entriesOf(target.now);
    const all = [...since, { created, now: entriesOf(this.live.now) }];
    const kept = besideDeleted(restored, entriesOf(target.shipped), all);
    const sides = {
      base: filesOf(withoutKept(exact ? editedSince(created, since) : created, restored)),
      theirs: exact ? target.now : filesOf(withEdits(kept, since, 'new')),
    };
    return this.#make(target, sides, 'keep', exact ? 'pkg-edited-1' : null);
  }

  #write(now: Files): void {
    this.#revisions[this.#revisions.length - 1] = { ...this.live, now };
  }

  #make(
    { version, shipped }: Pick<Revision, 'version' | 'shipped'>,
    sides: { readonly base: Files; readonly theirs: Files },
    side: 'keep' | 'new',
    exact: string | null,
  ): void {
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
    this.#revisions.push({ version, shipped, created, now: created });
    this.#isInstalled = true;
    this.#collect();
  }

  #collect(): void {
    const versions = [...new Set(this.#revisions.map(({ version }) => version).toReversed())];
    const kept = versions.slice(0, this.#isInstalled ? KEEP : KEEP - 1);
    this.#revisions = this.#revisions.filter((one) => kept.includes(one.version) || one === this.live);
  }
}

function holds(files: Files, edit: string): boolean {
  return Object.values(files).some((known) => known.split('\n').includes(edit));
}
