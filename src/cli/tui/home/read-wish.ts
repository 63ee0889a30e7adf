import { PkgError } from '../../../error.ts';
import type { Offer } from '../../../operations/choose/offers.ts';
import type { Context } from '../../command.ts';
import { visible } from '../../harmless.ts';
import { repeatRoot } from '../../repeat-root.ts';
import { readLog } from '../services/read-log.ts';
import type { Wish } from './wish.ts';

/** What is to be read, as lines; what stands in the way of it is what there is to read. */
export async function readWish(wish: Wish, context: Context): Promise<readonly string[]> {
  try {
    return (await linesOf(wish, context)).map(visible);
  } catch (error) {
    if (!(error instanceof PkgError)) throw error;
    return [error.message, ...(error.hint === undefined ? [] : [repeatRoot(error.hint, context.rootWords)])];
  }
}

/** Operations and views are loaded only for who asks for them. */
async function linesOf(wish: Wish, context: Context): Promise<readonly string[]> {
  const { root } = context;
  switch (wish.kind) {
    case 'bundle':
      return bundleLines(wish.offer, root);
    case 'service-log':
      return logLines(wish.service, context);
    case 'config-diff':
      return configLines([wish.bundle, wish.file], root);
    case 'transaction': {
      const { historyOf } = await import('../../../operations/look/history.ts');
      const { transactionLines } = await import('../../views/history-text.ts');
      return transactionLines(historyOf(root, String(wish.id)));
    }
    case 'text':
      return wish.lines;
    case 'difference': {
      const { diff } = await import('../../../operations/look/diff.ts');
      const { diffLines } = await import('../../views/diff-text.ts');
      const lines = diffLines(await diff(root, [String(wish.from), String(wish.to)], { withFiles: true }));
      return lines.length === 0 ? ['both have the same bundles'] : lines;
    }
    default:
      return wish satisfies never;
  }
}

async function bundleLines({ name, versions }: Offer, root: string): Promise<readonly string[]> {
  const offered = versions.map(({ version, place, file }) => `  ${version}  ${file ?? place}`);
  const isHere = versions.some(({ place }) => place !== 'given');
  if (!isHere) return [`${name} is not installed`, 'versions:', ...offered];
  const { info } = await import('../../../operations/look/info.ts');
  const { infoLines } = await import('../../views/info-text.ts');
  return [...infoLines(await info(root, { name, range: null })), 'versions:', ...offered];
}

async function logLines(service: string, context: Context): Promise<readonly string[]> {
  const { lines } = await readLog(service, context);
  return lines.length === 0 ? ['it is empty'] : lines;
}

async function configLines(words: readonly string[], root: string): Promise<readonly string[]> {
  const { diffConfig } = await import('../../../operations/config/diff.ts');
  const found = await diffConfig(root, words);
  if (found.length === 0) return ['it is as it was shipped'];
  return found.flatMap(({ patch, path, state }) => (patch ?? `${path}: ${state}, and no text`).split('\n'));
}
