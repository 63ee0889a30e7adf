import { PkgError } from '../../error.ts';
import { explainWhy, type Why } from '../../plan/index.ts';
import { installedNamed, membersOnDisk, readInstalled } from '../facts/installed.ts';
import { presentSince, type Since } from './since.ts';

/** Why a bundle is installed: asked for, needed by others, or both; and since which transaction. */
export async function why(root: string, name: string): Promise<Why & { readonly since: Since | null }> {
  const installed = readInstalled(root);
  installedNamed(name, installed);
  const tree = explainWhy(name, await membersOnDisk(installed));
  if (tree === null) throw new PkgError('internal', `internal error: ${name} is installed and has no reason`);
  return { ...tree, since: presentSince(name, installed.layout) };
}
