import fs from 'node:fs';
import path from 'node:path';
import { readStoredManifest, startedFiles } from '../../bundle/index.ts';
import { PkgError } from '../../error.ts';
import { type BundleId, bundleTitle, type Facts, type Plan, type StoredManifest } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import { type Machine, whyUnrunnable } from '../../system/index.ts';
import { machineFor } from './machine-for.ts';
import { generationsOf } from './members-of.ts';

/** What `--skip-check` calls it. */
export const PROGRAMS = 'programs';

/**
 * Refuses an unpacked bundle that could not run on this machine: a program that it declares has no interpreter,
 * loader or library here, or a link of it leads nowhere. Found before anything that runs is touched.
 */
export async function checkPrograms(plan: Plan, facts: Facts, layout: Layout): Promise<void> {
  const staged = await Promise.all(
    plan.archives.map(async (id) => ({ id, manifest: await readStoredManifest(layout.staged(id)) })),
  );
  const around = { generations: generationsOf(plan, facts), staged: staged.map(({ manifest }) => manifest), layout };
  for (const { id, manifest } of staged.filter(({ id: { name } }) => !isSkipped(name, plan)))
    refuse(id, problemsIn(manifest, layout.staged(id), machineFor(id.name, around)));
}

function isSkipped(name: string, { overrides }: Plan): boolean {
  return [PROGRAMS, `${name}/${PROGRAMS}`].some((check) => overrides.includes(`skip-check ${check}`));
}

function problemsIn(manifest: StoredManifest, folder: string, machine: Machine): readonly string[] {
  const programs = startedFiles(manifest).flatMap((file) => {
    const why = whyUnrunnable(path.join(folder, file), machine);
    return why === null ? [] : [`${file}: ${why}`];
  });
  const links = manifest.files
    .filter((entry) => entry.type === 'symlink' && !fs.existsSync(path.join(folder, entry.path)))
    .map((entry) => `${entry.path}: the link leads nowhere`);
  return [...programs, ...links];
}

function refuse(id: BundleId, problems: readonly string[]): void {
  const [first, ...more] = problems;
  if (first === undefined) return;
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  throw new PkgError('check-failed', `${bundleTitle(id)} cannot run here: ${first}${others}`, {
    hint: `fix it, or go on anyway: --skip-check ${id.name}/${PROGRAMS}`,
    ...(more.length === 0 ? {} : { details: { causes: problems.map((message) => ({ message })) } }),
  });
}
