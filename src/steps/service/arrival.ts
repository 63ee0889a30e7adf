import { PkgError } from '../../error.ts';
import { type Client, clientTitle, type Launch, type RunRecord } from '../../model/index.ts';
import { probeOnce } from '../../service/index.ts';
import type { ServiceWorld } from './service-instance.ts';
import { untilReady } from './start-ready.ts';

/**
 * A real request at the public address is answered as this instance would, for everybody or for one client; a reload of
 * the proxy alone says nothing of what came of it.
 */
export async function untilArrived(
  record: RunRecord,
  world: ServiceWorld,
  client: Client | null = null,
): Promise<void> {
  const asked = askedInPublic(record.launch, client);
  if (asked === null) return;
  try {
    // Old workers of a proxy may still take a request after a new one took the first.
    await untilReady(asked, { ...record, launch: asked }, { logFrom: 0, world, mayFlicker: true });
  } catch (error) {
    if (!(error instanceof PkgError) || error.code !== 'not-ready') throw error;
    const whose = client === null ? 'requests' : `requests with ${clientTitle(client)}`;
    throw new PkgError('traffic-failed', `${whose} do not arrive: ${error.message}`, {
      hint: 'look into the error log of the proxy',
      cause: error,
    });
  }
}

/** How the public address answers now, in words; null where it is not known. */
export async function answerInPublic(record: RunRecord): Promise<Awaited<ReturnType<typeof probeOnce>> | null> {
  const asked = askedInPublic(record.launch, null);
  return asked === null ? null : probeOnce(asked, { ...record, launch: asked }, 0);
}

/** What is asked at the public address. It has to go on for a moment. Nobody can ask from the address of another. */
function askedInPublic(launch: Launch, client: Client | null): Launch | null {
  const { arrives } = launch.service.traffic ?? {};
  if (arrives === undefined || client?.kind === 'address') return null;
  const send = { ...arrives.send, ...headersOf(client) };
  return { ...launch, service: { ...launch.service, ready: { timeout: '10s', soak: '300ms', ...arrives, send } } };
}

function headersOf(client: Exclude<Client, { readonly kind: 'address' }> | null): Readonly<Record<string, string>> {
  if (client === null) return {};
  return client.kind === 'header' ? { [client.name]: client.value } : { cookie: `${client.name}=${client.value}` };
}
