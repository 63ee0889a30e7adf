import { EXIT, PkgError } from '../../error.ts';
import type { Verified } from '../../operations/mend/verify.ts';
import type { Command, Context, Options } from '../command.ts';
import { print, printJson, say } from '../streams.ts';

export const verify: Command = {
  name: 'verify',
  summary: 'compare every file, link and record with how it was made; --repair puts back what was damaged',
  group: 'look',
  options: [
    { flags: '--all', help: 'every generation on disk, not only the live one, and the kept archives' },
    { flags: '--repair', help: 'put shipped files back from the kept archives; changed ones are copied aside' },
  ],
  examples: ['pkg verify', 'pkg verify --repair'],
  completes: 'nothing',
  run: async (_words, options, context) => {
    const found = await look(options, context);
    if (context.json) {
      printJson(context.streams, found);
      return found.ok ? EXIT.done : EXIT.failed;
    }
    const line = ({ bundle, path, change }: Verified['damage'][number]): string =>
      `${change.padEnd(8)}  ${bundle === null ? '' : `${bundle}: `}${path}`;
    for (const one of found.repaired) print(context.streams, `repaired  ${line(one)}`);
    for (const one of found.warnings) print(context.streams, line(one));
    const wouldRepair = options['repair'] === true && context.dryRun;
    for (const one of found.damage) print(context.streams, `${wouldRepair ? 'would repair  ' : ''}${line(one)}`);
    if (!found.ok) throw damaged(found, options['repair'] === true && !context.dryRun);
    const where = found.generation === null ? 'nothing is installed' : `generation ${found.generation} is whole`;
    say(context.streams, found.warnings.length === 0 ? where : `${where}; the extra files were not shipped`);
    return EXIT.done;
  },
};

type Found = Verified & { readonly unrepaired?: readonly { readonly message: string; readonly hint: string }[] };

async function look(options: Options, context: Context): Promise<Found> {
  const all = options['all'] === true;
  if (options['repair'] === true && !context.dryRun) {
    const { repair } = await import('../../operations/mend/repair.ts');
    return repair(await context.session(options), { all });
  }
  const operations = await import('../../operations/mend/verify.ts');
  return operations.verify(context.root, { all });
}

function damaged({ damage, unrepaired = [] }: Found, hasTried: boolean): PkgError {
  const [reason] = unrepaired;
  if (reason !== undefined) return new PkgError('damaged', reason.message, { hint: reason.hint });
  const things = damage.length === 1 ? 'one thing is' : `${damage.length} things are`;
  const isArchive = damage.every(({ path }) => path.startsWith('archives/'));
  const byHand = isArchive ? 'copy the same archive there again' : 'what stands in the way has to be moved by hand';
  const hint = hasTried || isArchive ? byHand : 'pkg verify --repair';
  return new PkgError('damaged', `${things} not as shipped`, { hint });
}
