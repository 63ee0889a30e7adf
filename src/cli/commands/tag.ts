import { EXIT, PkgError } from '../../error.ts';
import type { Command, Context, Options } from '../command.ts';
import { printKept } from '../print-result.ts';
import { DRY_RUN, print, say } from '../streams.ts';

export const tag: Command = {
  name: 'tag',
  args: '[name] [generation]',
  summary: 'name a generation (by default the live one), so that gc keeps it; without a name, list all tags',
  group: 'keep',
  options: [{ flags: '--delete', help: 'remove the tag; the generation stays until gc' }],
  examples: ['pkg tag before-the-move', 'pkg tag good 7', 'pkg rollback before-the-move', 'pkg tag --delete good'],
  completes: 'generation',
  run: async (words, options, context) => {
    const { readTags } = await import('../../operations/keep/tags.ts');
    const isChange = words.length > 0;
    const before = isChange ? { tags: readTags(context.root) } : null;
    const tags = await tagsAfter(words, options, context);
    if (context.json) {
      await printKept({ tags }, before, context);
      return EXIT.done;
    }
    for (const [name, number] of Object.entries(tags)) print(context.streams, `${name} ${number}`);
    for (const [name, number] of Object.entries(before?.tags ?? {})) {
      const now = tags[name];
      if (now !== undefined && now !== number) say(context.streams, `${name} was generation ${number} before`);
    }
    if (isChange && context.dryRun) say(context.streams, DRY_RUN);
    return EXIT.done;
  },
};

async function tagsAfter([name, generation]: readonly string[], options: Options, context: Context) {
  const operations = await import('../../operations/keep/tags.ts');
  if (options['delete'] === true) {
    if (name !== undefined) return operations.untag(name, await context.session(options));
    throw new PkgError('usage', 'missing the tag to delete', { hint: 'pkg tag lists them' });
  }
  if (name === undefined) return operations.readTags(context.root);
  return operations.tag(name, generation ?? null, await context.session(options));
}
