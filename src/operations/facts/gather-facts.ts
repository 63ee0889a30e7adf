import fs from 'node:fs';
import path from 'node:path';
import type { OpenedArchive } from '../../bundle/index.ts';
import type { Facts } from '../../model/index.ts';
import { configRevisions, generationNumbers, type Layout, layoutOf, openRoot, readPolicy } from '../../store/index.ts';
import { freeSpace } from '../../system/index.ts';
import type { Session } from '../session.ts';
import { askHost } from './ask-host.ts';
import { driftOf } from './drift-of.ts';
import { gatherDataStates } from './gather-data-states.ts';
import { gatherServices } from './gather-services.ts';
import { gatherSettings } from './gather-settings.ts';
import { knownBundles } from './known-bundles.ts';
import { readableGeneration, readCurrent } from './read-current.ts';
import { outcomeOf, readTransactions } from './read-transactions.ts';

/** Reads all facts before a decision, in one place: what is live and kept, the machine, and the policy. */
export async function gatherFacts(session: Session, offered: readonly OpenedArchive[]): Promise<Facts> {
  const layout = layoutOf(session.root);
  const transactions = openRoot(session.root) === null ? [] : readTransactions(layout);
  const current = readCurrent(layout);
  const numbers = generationNumbers(layout);
  const known = await knownBundles(layout, offered, session);
  const policy = readPolicy(layout);
  const manifests = [...known.values()].map((bundle) => bundle.manifest);
  return {
    now: new Date().toISOString(),
    programVersion: session.programVersion,
    platform: { os: process.platform, cpu: process.arch },
    current,
    generations: numbers.flatMap((number) => {
      const generation = readableGeneration(layout, number);
      return generation === null ? [] : [{ generation, outcome: outcomeOf(number, transactions) }];
    }),
    nextGeneration: 1 + Math.max(0, ...numbers, ...transactions.map(({ plan }) => plan?.to ?? 0)),
    known,
    offered: offered.map(({ id }) => id.digest),
    pins: policy.pins,
    protectedNames: policy.protected,
    space: freeSpace(nearestFolder(session.root)),
    host: await askHost(manifests),
    ...(await driftOf(layout, current)),
    externalLinks: new Map(
      manifests.flatMap(({ links }) => Object.keys(links ?? {})).map((at) => [at, standsAt(at, layout)]),
    ),
    root: session.root,
    settings: gatherSettings(layout),
    dataStates: gatherDataStates(layout),
    configKept: fs.existsSync(layout.config) ? configRevisions(layout) : new Map(),
    dataFolders: new Map(),
    deletable: new Map(),
    ...(await gatherServices(layout, current, manifests)),
  };
}

function standsAt(at: string, layout: Layout): 'absent' | 'ours' | 'foreign' {
  try {
    return fs.readlinkSync(at).startsWith(`${layout.current}/links/`) ? 'ours' : 'foreign';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'absent' : 'foreign';
  }
}

function nearestFolder(folder: string): string {
  return fs.existsSync(folder) ? folder : nearestFolder(path.dirname(folder));
}
