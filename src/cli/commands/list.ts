import { EXIT } from '../../error.ts';
import type { Command } from '../command.ts';
import { print, printJson, say } from '../streams.ts';

export const list: Command = {
  name: 'list',
  summary: 'what is installed; with --all also what is kept to go back to',
  group: 'look',
  options: [{ flags: '--all', help: 'every bundle on disk, installed or kept' }],
  completes: 'nothing',
  run: async (_words, options, context) => {
    const operations = await import('../../operations/look/list.ts');
    const { generation, bundles } = operations.list(context.root);
    const kept = options['all'] === true ? await operations.listKept(context.root) : [];
    if (context.json) {
      printJson(context.streams, { generation, bundles, ...(options['all'] === true ? { kept } : {}) });
      return EXIT.done;
    }
    if (generation === null) say(context.streams, `nothing is installed in ${context.root}`);
    const width = Math.max(0, ...[...bundles, ...kept].map(({ name }) => name.length));
    for (const { name, version, explicit } of bundles) {
      print(context.streams, `${name.padEnd(width)}  ${version}${explicit ? '' : '  (dependency)'}`);
    }
    for (const { name, version } of kept) print(context.streams, `${name.padEnd(width)}  ${version}  (kept)`);
    return EXIT.done;
  },
};
