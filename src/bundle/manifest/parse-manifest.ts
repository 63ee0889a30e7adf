import { getNodeValue } from 'jsonc-parser';
import { PkgError } from '../../error.ts';
import type { Manifest } from '../../model/index.ts';
import { describeIssue } from './describe-issue.ts';
import { manifestSchema } from './manifest-schema.ts';
import { duplicateKeys, inOrder, type ManifestSource, problemBlock, readSource } from './manifest-source.ts';

/** Reads the `bundle.json` of a source folder; throws one error that lists every mistake with its place. */
export function parseManifest(text: string, file: string): Manifest {
  return readManifest(text, file).manifest;
}

/** The same, with the source, so that later checks can point at lines as well. */
export function readManifest(
  text: string,
  file: string,
): { readonly manifest: Manifest; readonly source: ManifestSource } {
  const { source, broken } = readSource(text, file);
  if (broken.length > 0) throw manifestError(file, broken);
  const twice = duplicateKeys(source.tree);
  const value: unknown = source.tree === undefined ? undefined : getNodeValue(source.tree);
  const checked = manifestSchema.safeParse(value, { reportInput: true });
  const wrong = [...twice, ...(checked.success ? [] : checked.error.issues.flatMap((issue) => describeIssue(issue)))];
  if (!checked.success || wrong.length > 0) {
    throw manifestError(
      file,
      inOrder(source, wrong).map((problem) => problemBlock(source, problem)),
    );
  }
  const { $schema: _, ...manifest } = checked.data;
  return { manifest: withoutUndefined(manifest), source };
}

/** One error for all the mistakes of a manifest. */
function manifestError(file: string, blocks: readonly string[]): PkgError {
  const count = blocks.length === 1 ? 'one mistake' : `${blocks.length} mistakes`;
  return new PkgError('manifest-invalid', [`cannot read ${file}: ${count}`, ...blocks].join('\n'), {
    hint: 'fix the lines shown, then build again',
    details: blocks,
  });
}

// zod's optional keys allow undefined in their type; JSON has none
function withoutUndefined(manifest: object): Manifest {
  return JSON.parse(JSON.stringify(manifest)) as Manifest;
}
