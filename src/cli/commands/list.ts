import { EXIT } from '../../error.ts';
import type { Command } from '../command.ts';
import { print, printJson, say } from '../streams.ts';

export const list: Command = {
  name: 'list',
  summary: 'what is installed; with --all also what is kept to go back to, and what removed bundles left behind',
  group: 'look',
  options: [
    { flags: '--all', help: 'every bundle on disk, installed or kept, and data and configuration of removed ones' },
  ],
  completes: 'nothing',
  run: async (_words, options, context) => {
    const operations = await import('../../operations/look/list.ts');
    const { generation, bundles } = operations.list(context.root);
    const kept = options['all'] === true ? await operations.listKept(context.root) : [];
    const leftBehind = options['all'] === true ? operations.listLeftBehind(context.root) : [];
    if (context.json) {
      printJson(context.streams, { generation, bundles, ...(options['all'] === true ? { kept, leftBehind } : {}) });
      return EXIT.done;
    }
    if (generation === null) say(context.streams, `nothing is installed in ${context.root}`);
    const width = Math.max(0, ...[...bundles, ...kept, ...leftBehind].map(({ name }) => name.length));
    for (const { name, version, explicit } of bundles) {
      print(context.streams, `${name.padEnd(width)}  ${version}${explicit ? '' : '  (dependency)'}`);
    }
    for (const { name, version } of kept) print(context.streams, `${name.padEnd(width)}  ${version}  (kept)`);
    for (const { name, what } of leftBehind)
      print(context.streams, `${name.padEnd(width)}  (removed, left behind: ${what.join(' and ')})`);
    return EXIT.done;
  },
};
