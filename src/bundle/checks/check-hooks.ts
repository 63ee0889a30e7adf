import { closeSync, openSync } from 'node:fs';
import { type Manifest, nearestWord } from '../../model/index.ts';
import type { SourceEntry } from '../folder/collect-files.ts';
import { fill } from '../folder/hash-source.ts';
import { hookWords } from '../folder/ready-hooks.ts';
import type { Problem } from '../manifest/manifest-source.ts';

/** Hooks that could never run: missing, not executable, without an interpreter, with CR line ends. */
export function checkHooks(manifest: Manifest, byPath: ReadonlyMap<string, SourceEntry>): readonly Problem[] {
  return hookWords(manifest.hooks)
    .filter(({ word }) => !word.startsWith('pkg:'))
    .flatMap(({ word, path }) => {
      const found = hookProblem(word, byPath);
      return found === null ? [] : [{ path, at: 'value' as const, ...found }];
    });
}

function hookProblem(
  word: string,
  byPath: ReadonlyMap<string, SourceEntry>,
): { readonly message: string; readonly hint?: string } | null {
  const entry = byPath.get(word);
  if (entry === undefined) {
    const near = nearestWord(word, [...byPath.keys()]);
    return { message: `there is no hook '${word}'`, ...(near === null ? {} : { hint: `did you mean '${near}'?` }) };
  }
  if (entry.type === 'symlink') return null;
  if (entry.type !== 'file') return { message: `the hook '${word}' is a directory` };
  if (!entry.executable) return { message: `the hook '${word}' is not executable`, hint: `chmod +x ${word}` };
  return firstLineProblem(word, beginning(entry.file));
}

function firstLineProblem(word: string, bytes: Buffer): { readonly message: string; readonly hint?: string } | null {
  if (bytes.toString('latin1', 0, 4) === '\u007fELF') return null;
  const line = bytes.toString('utf8').split('\n', 1)[0] ?? '';
  if (line.endsWith('\r')) {
    return {
      message: `the hook '${word}' has CR line ends: its interpreter would not be found`,
      hint: `sed -i 's/\\r$//' ${word}`,
    };
  }
  if (/^#! *\/\S+/.test(line)) return null;
  const message = line.startsWith('#!')
    ? `the interpreter of the hook '${word}' is not an absolute path`
    : `the hook '${word}' does not begin with an interpreter line`;
  return { message, hint: 'begin it with #!/bin/sh, or #!/usr/bin/env NAME' };
}

function beginning(file: string): Buffer {
  const fd = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(256);
    return buffer.subarray(0, fill(fd, buffer));
  } finally {
    closeSync(fd);
  }
}
