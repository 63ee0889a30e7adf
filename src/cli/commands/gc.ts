import { EXIT } from '../../error.ts';
import type { Freed } from '../../operations/keep/gc.ts';
import type { Command } from '../command.ts';
import { numberOption } from '../options.ts';
import { printResult } from '../print-result.ts';
import { print, say } from '../streams.ts';
import { bytesInWords } from '../../model/index.ts';

export const gc: Command = {
  name: 'gc',
  summary: 'delete generations that are no longer kept, and the bundles and archives that only they used',
  group: 'keep',
  options: [
    {
      flags: '--keep <n>',
      help: 'how many good generations stay, counting the live one (3, or keep in settings.json)',
    },
  ],
  examples: ['pkg gc --dry-run', 'pkg gc --keep 1'],
  completes: 'nothing',
  run: async (_words, options, context) => {
    const operations = await import('../../operations/keep/gc.ts');
    const keep = numberOption(options, 'keep', 1) ?? null;
    const freed = await operations.gc(await context.session(options), keep);
    if (context.json) {
      const isNothing = context.dryRun || freed.generations.length + freed.bundles.length === 0;
      await printResult(context, isNothing ? 'nothing-to-do' : 'committed', freed);
      return EXIT.done;
    }
    for (const number of freed.generations) print(context.streams, `generation ${number}`);
    for (const { name, version } of freed.bundles) print(context.streams, `${name} ${version}`);
    for (const line of heldLines(freed)) say(context.streams, line);
    const words = context.dryRun ? 'would come free' : 'came free';
    if (!context.quiet) say(context.streams, `${bytesInWords(freed.bytes)} ${words}`);
    return EXIT.done;
  },
};

/** What would go if it were not used, and who uses it. */
function heldLines({ held }: Freed): readonly string[] {
  const lines = held.map(({ name, version, by }) => `kept: ${name} ${version}, used by ${few(by.map(inWords))}`);
  const isHidden = held.some(({ by }) => by.some(({ isSeen }) => !isSeen));
  const hint = 'hint: who cannot get there holds nothing: chmod go-x on the folder of the root';
  return isHidden ? [...lines, hint] : lines;
}

function inWords({ pid, words, isSeen }: Freed['held'][number]['by'][number]): string {
  return `pid ${pid} \`${words.replaceAll(/\s+/g, ' ').slice(0, 60)}\`${isSeen ? '' : ' (perhaps: it may not be looked into)'}`;
}

function few(holders: readonly string[]): string {
  const more = holders.length > 3 ? ` and ${holders.length - 3} more` : '';
  return `${holders.slice(0, 3).join(', ')}${more}`;
}
