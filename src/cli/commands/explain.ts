import { CODES, type Code, EXIT, PkgError } from '../../error.ts';
import type { Command } from '../command.ts';
import { showLines } from '../show-lines.ts';
import { print, printJson } from '../streams.ts';

export const explain: Command = {
  name: 'explain',
  args: '[code]',
  summary: 'what an error code means and what to do; without a code list all of them',
  group: 'help',
  examples: ['pkg explain downgrade-needs-force'],
  completes: 'code',
  run: async ([word], _options, context) => {
    if (word === undefined) {
      const codes = Object.keys(CODES).map((code) => entryOf(code as Code));
      if (context.json) printJson(context.streams, { codes });
      else
        await showLines(
          codes.map(({ code, exit, means }) => `${code.padEnd(22)} ${String(exit).padStart(3)}  ${means}`),
          context,
        );
      return EXIT.done;
    }
    const entry = entryOf(await codeNamed(word));
    if (context.json) printJson(context.streams, entry);
    else
      for (const line of [`${entry.code} (exit ${entry.exit})`, entry.means, `To do: ${entry.todo}`])
        print(context.streams, line);
    return EXIT.done;
  },
};

function entryOf(code: Code) {
  return { code, ...CODES[code] };
}

async function codeNamed(word: string): Promise<Code> {
  if (Object.hasOwn(CODES, word)) return word as Code;
  const { nearestWord } = await import('../../model/index.ts');
  const near = nearestWord(word, Object.keys(CODES));
  throw new PkgError('unknown-name', `there is no error code '${word}'`, {
    hint: near === null ? 'pkg explain lists them' : `did you mean ${near}?`,
  });
}
