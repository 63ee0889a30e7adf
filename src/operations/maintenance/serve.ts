import { PkgError } from '../../error.ts';
import { layoutOf } from '../../store/index.ts';
import { servePage } from '../../traffic/index.ts';
import type { Session } from '../session.ts';

/** Which page is to be shown where: that of a service, or of its bundle. */
export type ServeOrder = { readonly name: string; readonly port: number | undefined; readonly address: string };

/** Shows the page of a service at its port until SIGTERM; what pkg starts where a service asks for a page. */
export async function serveMaintenance({ name, port, address }: ServeOrder, session: Session): Promise<void> {
  if (port === undefined) throw new PkgError('usage', 'missing --port: where the page is to be shown');
  const layout = layoutOf(session.root);
  const [bundle = ''] = name.split('/');
  const folders = [name.replace('/', '~'), bundle].map((scope) => layout.maintenance(scope));
  await servePage({ folders, port, address }, session.stopWaiting);
}
