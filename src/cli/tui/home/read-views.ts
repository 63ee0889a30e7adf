import { PkgError } from '../../../error.ts';
import type { GivenArchive } from '../../../operations/choose/open-given.ts';
import type { Context } from '../../command.ts';
import { repeatRoot } from '../../repeat-root.ts';
import type { HomeInput, Tab } from './state.ts';

/** What a view shows, read now; operations are loaded only for the view that is looked at. */
export async function readView(tab: Tab, given: readonly GivenArchive[], { root }: Context): Promise<HomeInput> {
  switch (tab) {
    case 'bundles': {
      const { choosable } = await import('../../../operations/choose/choosable.ts');
      return { kind: 'offers', offers: choosable(root, given), problems: [] };
    }
    case 'services': {
      const { serviceStatus } = await import('../../../operations/service/status.ts');
      return { kind: 'services', all: await serviceStatus(root, []) };
    }
    case 'configuration': {
      const { listConfig } = await import('../../../operations/config/list.ts');
      return { kind: 'configuration', files: (await listConfig(root, null)).files };
    }
    case 'history': {
      const { history } = await import('../../../operations/look/history.ts');
      const { knownWords } = await import('../../../operations/look/known-words.ts');
      const { pointedNumber } = await import('../../../operations/settled.ts');
      const kept = knownWords(root).generations;
      return { kind: 'history', read: { told: history(root).toReversed(), live: pointedNumber(root), kept } };
    }
    default:
      return tab satisfies never;
  }
}

/** What waits for the operator, as `pkg status` tells it. */
export async function readConcerns({ root, rootWords }: Context): Promise<HomeInput> {
  const { status } = await import('../../../operations/look/status.ts');
  const { concernLines } = await import('../../views/status-text.ts');
  const lines = await status(root).then(concernLines, asConcern);
  return { kind: 'concerns', concerns: lines.map((line) => repeatRoot(line, rootWords)) };
}

/** A root that is damaged can still be looked at. */
function asConcern(error: unknown): readonly string[] {
  if (!(error instanceof PkgError)) throw error;
  return [`damaged     ${error.message}${error.hint === undefined ? '' : `: ${error.hint}`}`];
}
