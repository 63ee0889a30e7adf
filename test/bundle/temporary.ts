import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The ready-made hooks of this project. */
export const HOOKS = fileURLToPath(new URL('../../hooks', import.meta.url));

/** A new folder that is gone when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pkg-bundle-'));
  onTestFinished(() => {
    openFolders(folder);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Content by path: text, text with a mode, `-> target` for a link, null for a folder. */
export type Tree = Readonly<Record<string, string | { readonly text: string; readonly mode: number } | null>>;

/** Makes a folder of files below a new temporary folder. */
export function sourceFolder(manifest: object | string, tree: Tree = {}): string {
  const folder = join(temporaryFolder(), 'source');
  mkdirSync(folder);
  writeTree(folder, { 'bundle.json': typeof manifest === 'string' ? manifest : JSON.stringify(manifest), ...tree });
  return folder;
}

export function writeTree(folder: string, tree: Tree): void {
  for (const [path, content] of Object.entries(tree)) {
    const at = join(folder, path);
    mkdirSync(content === null ? at : dirname(at), { recursive: true });
    if (content === null) continue;
    if (typeof content === 'string' && content.startsWith('-> ')) symlinkSync(content.slice(3), at);
    else if (typeof content === 'string') writeFileSync(at, content);
    else {
      writeFileSync(at, content.text);
      chmodSync(at, content.mode);
    }
  }
}

/** A hook or command that runs. */
export const script = { text: '#!/bin/sh\nexit 0\n', mode: 0o755 } as const;

function openFolders(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) openFolders(join(folder, entry.name));
  }
}
