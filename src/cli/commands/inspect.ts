import path from 'node:path';
import { EXIT } from '../../error.ts';
import type { Command } from '../command.ts';
import { ARCHIVE_OPTIONS } from '../options.ts';
import { withStdinArchive } from '../stdin-archive.ts';
import { print, printJson } from '../streams.ts';

export const inspect: Command = {
  name: 'inspect',
  args: '<file>',
  summary: 'manifest, digest and files of an archive, with every rule checked; unpacks nothing',
  group: 'look',
  options: ARCHIVE_OPTIONS,
  examples: ['pkg inspect web-2.0.0.tgz'],
  completes: 'file',
  run: (words, options, context) =>
    withStdinArchive(words, context.streams, async ([file = '']) => {
      const { inspect: look } = await import('../../operations/look/inspect.ts');
      const { limitsOf } = await import('../limits.ts');
      const { manifest, id, ...facts } = await look(path.resolve(file), limitsOf(options));
      const { files, ...about } = manifest;
      if (context.json) {
        printJson(context.streams, { ...id, verdict: 'good', ...facts, manifest: about, files });
        return EXIT.done;
      }
      const lines = [
        `${id.name} ${id.version}${manifest.label === undefined ? '' : ` (${manifest.label})`}`,
        ...(manifest.description === undefined ? [] : [manifest.description]),
        `digest    ${id.digest}`,
        `content   ${facts.entries} entries, ${facts.contentSize} bytes; archive ${facts.archiveSize} bytes`,
        ...Object.entries(manifest.depends ?? {}).map(([name, range]) => `depends   ${name} ${range}`),
        ...Object.entries(manifest.conflicts ?? {}).map(([name, range]) => `conflicts ${name} ${range}`),
        ...Object.entries(manifest.provides ?? {}).map(([name, version]) => `provides  ${name} ${version}`),
        ...Object.keys(manifest.bin ?? {}).map((command) => `command   ${command}`),
        'verdict   every rule of the format holds',
        '',
        ...files.map((entry) => `${entry.mode} ${entry.path}${entry.type === 'symlink' ? ` -> ${entry.target}` : ''}`),
      ];
      for (const line of lines) print(context.streams, line);
      return EXIT.done;
    }),
};
