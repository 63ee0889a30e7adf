import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { CODES } from '../../src/error.ts';
import { HANDLERS } from '../../src/steps/index.ts';
import { generatedFiles } from './generated-files.ts';
import { commandsIn, exists, linksOf, type Mention, mentionsBelow, pages, read } from './read-pages.ts';

describe('the documentation', () => {
  it('holds what the code says, where it is made from the code (npm run docs)', async () => {
    for (const { file, text } of await generatedFiles()) expect(readFileSync(file, 'utf8'), file).toBe(text);
  });

  it('has no dead links', () => {
    const links = pages().flatMap((page) => linksOf(page));
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter((link) => !exists(link)).map(inWords)).toEqual([]);
  });

  it('has every place that the source sends its readers to', () => {
    const mentions = mentionsBelow('src');
    expect(mentions.length).toBeGreaterThan(5);
    expect(mentions.filter((mention) => !exists(mention)).map(inWords)).toEqual([]);
  });

  it('can be reached from its index, every page of it', () => {
    const reached = new Set(['docs/README.md']);
    for (const page of reached) for (const { file } of linksOf(page)) if (file.endsWith('.md')) reached.add(file);
    expect(pages().filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
  });

  it('speaks of no command that does not exist', () => {
    // `help` belongs to the command line itself.
    const known = ['help', ...commands.map(({ name }) => name)];
    const unknown = pages().flatMap((page) =>
      commandsIn(page)
        .filter((word) => !known.includes(word))
        .map((word) => `${page}: pkg ${word}`),
    );
    expect(unknown).toEqual([]);
  });

  it('explains every error code', () => {
    const text = read('docs/errors.md');
    expect(Object.keys(CODES).filter((code) => !text.includes(`\n### ${code}\n`))).toEqual([]);
  });

  it('explains every rule by which an archive can be refused, and no other', () => {
    const rules = [...read('src/bundle/archive/rules.ts').matchAll(/^ {2}'?([a-z0-9-]+)'?: \['/gm)].map(
      (match) => match[1],
    );
    const section = read('docs/bundle-format.md').split('## What a reader refuses')[1]?.split('\n## ')[0] ?? '';
    const explained = [...section.matchAll(/^\| `([a-z0-9-]+)` /gm)].map((match) => match[1]);
    expect(explained.toSorted()).toEqual(rules.toSorted());
  });

  it('says of every kind of step what a crash leaves', () => {
    const text = read('docs/transaction.md');
    expect(Object.keys(HANDLERS).filter((kind) => !text.includes(`\n| \`${kind}\` `))).toEqual([]);
  });
});

function inWords({ from, file, anchor }: Mention): string {
  return `${from}: ${file}${anchor === null ? '' : `#${anchor}`}`;
}
