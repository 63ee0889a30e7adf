import { EXIT, PkgError } from '../../error.ts';
import type { Command, Context, Options } from '../command.ts';
import { print, printJson } from '../streams.ts';

export const tag: Command = {
  name: 'tag',
  args: '[name] [generation]',
  summary: 'name a generation, the live one unless said otherwise; gc keeps it. Without a name list all tags',
  group: 'keep',
  options: [{ flags: '--delete', help: 'take the tag away; the generation stays until gc' }],
  examples: ['pkg tag before-the-move', 'pkg tag good 7', 'pkg rollback before-the-move', 'pkg tag --delete good'],
  completes: 'generation',
  run: async (words, options, context) => {
    const tags = await tagsAfter(words, options, context);
    if (context.json)
      printJson(context.streams, words.length === 0 ? { tags } : { event: 'result', outcome: 'committed', tags });
    else for (const [name, number] of Object.entries(tags)) print(context.streams, `${name} ${number}`);
    return EXIT.done;
  },
};

async function tagsAfter([name, generation]: readonly string[], options: Options, context: Context) {
  const operations = await import('../../operations/tags.ts');
  if (options['delete'] === true) {
    if (name !== undefined) return operations.untag(name, await context.session(options));
    throw new PkgError('usage', 'missing the tag to delete', { hint: 'pkg tag lists them' });
  }
  if (name === undefined) return operations.readTags(context.root);
  return operations.tag(name, generation ?? null, await context.session(options));
}
