import { PkgError } from '../../error.ts';
import type { Manifest } from '../../model/index.ts';
import type { SourceEntry, SourceProblem } from '../folder/collect-files.ts';
import { inOrder, type ManifestSource, type Problem, problemBlock } from '../manifest/manifest-source.ts';
import { checkAgainst } from './check-against.ts';
import { checkEntries } from './check-entries.ts';
import { checkHooks } from './check-hooks.ts';
import { checkOwnRelations } from './check-own-relations.ts';
import { checkReferences } from './check-references.ts';
import { checkServices } from './check-services.ts';
import { checkSettings } from './check-settings.ts';
import { checkUpgrade } from './check-upgrade.ts';
import { checkValues } from './check-values.ts';

export type SourceFacts = {
  readonly manifest: Manifest;
  readonly source: ManifestSource;
  readonly folder: string;
  readonly entries: readonly SourceEntry[];
  /** What the walk through the folder found unfit. */
  readonly found: readonly SourceProblem[];
  /** Ready-made hooks that do not exist. */
  readonly hooks: readonly Problem[];
  /** Earlier bundles of the same name to hold the upgrade paths against. */
  readonly against: readonly Manifest[];
};

/** What one check found; a warning does not stop the build. */
export type Findings = { readonly problems: readonly Problem[]; readonly warnings: readonly string[] };

/** Every check of a build beyond the schema; throws one error with all mistakes, returns the warnings. */
export function checkSource(facts: SourceFacts): readonly string[] {
  const byPath = new Map(facts.entries.map((entry) => [entry.path, entry]));
  const upgrade = checkUpgrade(facts.manifest);
  const against = checkAgainst(facts.manifest, facts.against);
  const manifestProblems = [
    ...checkReferences(facts.manifest, byPath),
    ...checkOwnRelations(facts.manifest),
    ...checkServices(facts.manifest),
    ...upgrade.problems,
    ...against.problems,
    ...checkSettings(facts.manifest),
    ...checkValues(facts.manifest, byPath),
  ];
  const hookProblems = [...facts.hooks, ...checkHooks(facts.manifest, byPath)];
  const tree = checkEntries(facts.entries);
  const treeProblems = [...facts.found, ...tree.problems];
  const count = manifestProblems.length + hookProblems.length + treeProblems.length;
  if (count === 0) return [...upgrade.warnings, ...against.warnings, ...tree.warnings];
  const code =
    manifestProblems.length > 0 ? 'manifest-invalid' : hookProblems.length > 0 ? 'hook-invalid' : 'source-invalid';
  const blocks = [
    ...inOrder(facts.source, [...manifestProblems, ...hookProblems]).map((problem) =>
      problemBlock(facts.source, problem),
    ),
    ...treeProblems.map(({ path, message }) => `${path}: ${message}`),
  ];
  const title = `cannot build ${facts.folder}: ${count === 1 ? 'one mistake' : `${count} mistakes`}`;
  throw new PkgError(code, [title, ...blocks].join('\n'), { details: blocks });
}
