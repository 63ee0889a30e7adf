import { PkgError } from '../../error.ts';
import { haproxyLines, nginxLines, writeHaproxyMap } from '../../traffic/index.ts';
import type { Session } from '../session.ts';
import { scopesNamed } from './scopes.ts';

/** The lines that a proxy needs to show the page of a bundle or service. For HAProxy the map it reads is made as well. */
export async function proxyLines(
  proxy: 'nginx' | 'haproxy',
  name: string,
  { socket, session }: { readonly socket: string | null; readonly session: Session },
): Promise<string> {
  const [scope] = await scopesNamed(name, session.root);
  if (scope === undefined) throw new PkgError('unknown-name', `there is no bundle or service '${name}'`);
  if (proxy === 'nginx') return nginxLines(scope.folder);
  const map = session.dryRun ? { file: `${scope.folder}.map` } : writeHaproxyMap(scope.folder, socket);
  return haproxyLines(map.file);
}
