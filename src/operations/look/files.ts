import type { FileEntry, NameRange } from '../../model/index.ts';
import { bundleNamed, readInstalled, storedManifest } from '../facts/installed.ts';

/** What a bundle consists of, from the table inside it; `folder` is where it lies. */
export async function files(root: string, word: NameRange) {
  const installed = readInstalled(root);
  const { name, version, digest } = await bundleNamed(word, installed);
  const manifest = await storedManifest(installed.layout, { name, version, digest });
  const folder = installed.layout.bundle({ name, version, digest });
  return { name, version, digest, folder, files: manifest.files satisfies readonly FileEntry[] };
}
