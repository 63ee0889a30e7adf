import fs from 'node:fs';
import path from 'node:path';
import { EXIT, PkgError } from '../../error.ts';
import { isWritable } from '../../system/index.ts';
import type { Command } from '../command.ts';
import { SETTINGS_OPTIONS } from '../given-settings.ts';
import { ARCHIVE_OPTIONS, GRAPH_OPTION, isFileWord, OVERRIDE_OPTIONS, textOption } from '../options.ts';

export const plan: Command = {
  name: 'plan',
  args: '<verb> [words...]',
  summary: 'show what install, upgrade, downgrade, remove, autoremove or rollback would do; change nothing',
  group: 'change',
  options: [
    { flags: '-o, --output <file>', help: 'write the plan to a file, to be run by pkg apply' },
    { flags: '--exit-code', help: 'exit with 10 when there is something to change' },
    { flags: '--why', help: 'also every path that was considered and not taken, with the reason' },
    GRAPH_OPTION,
    { flags: '--force', help: 'as for downgrade' },
    { flags: '--remove <name>', help: 'as for install (may be repeated)', isList: true },
    { flags: '--sha256 <hex>', help: 'as for install (may be repeated)', isList: true },
    { flags: '--cascade', help: 'as for remove' },
    { flags: '--unused', help: 'as for remove' },
    { flags: '--purge', help: 'as for remove' },
    { flags: '--all', help: 'as for remove' },
    { flags: '--exact', help: 'as for rollback' },
    { flags: '--preview <client>', help: 'as for install (may be repeated)', isList: true },
    ...SETTINGS_OPTIONS,
    ...OVERRIDE_OPTIONS,
    ...ARCHIVE_OPTIONS,
  ],
  examples: ['pkg plan install web-2.0.0.tgz', 'pkg plan rollback -o back.json && pkg apply back.json'],
  completes: 'file',
  run: async ([verb = '', ...words], options, context) => {
    const { VERBS } = await import('../requests.ts');
    const known = VERBS.find((one) => one === verb);
    if (known === undefined) {
      const { nearestWord, quoted } = await import('../../model/index.ts');
      const near = isFileWord(verb) ? `install ${quoted(verb)}` : nearestWord(verb, VERBS);
      throw new PkgError('usage', `pkg plan takes ${VERBS.join(', ')}, not '${verb}'`, {
        hint:
          near === null ? 'pkg plan --help' : `did you mean: ${['pkg', 'plan', near, ...words.map(quoted)].join(' ')}`,
      });
    }
    const output = textOption(options, 'output');
    if (output !== undefined && words.includes('-')) throw unstored();
    if (output !== undefined) refuseUnwritable(output);
    const givingUp = known === 'rollback' && words.length === 0 ? await trialToGiveUp(context.root) : null;
    if (givingUp !== null) {
      if (output !== undefined) throw unstoredTrial();
      await (await import('../show-giving-up.ts')).showGivingUp(givingUp, context);
      return options['exitCode'] === true ? EXIT.changesPending : EXIT.done;
    }
    const { showPlan } = await import('../show-plan.ts');
    const planned = await showPlan(known, words, options, context);
    if (output !== undefined && planned.plan !== null)
      fs.writeFileSync(output, `${JSON.stringify(planned.plan, null, 2)}\n`);
    if (planned.exit !== EXIT.done) return planned.exit;
    return options['exitCode'] === true && planned.plan !== null ? EXIT.changesPending : EXIT.done;
  },
};

/** A plan that nobody could keep is not shown either. */
function refuseUnwritable(output: string): void {
  const isThere = fs.existsSync(output);
  const isFolder = isThere && fs.statSync(output).isDirectory();
  const folder = path.dirname(path.resolve(output));
  if (!isFolder && (isThere || isWritable(folder))) return;
  const why = isFolder ? 'it is a folder' : `no file can be written in ${folder}`;
  throw new PkgError('no-such-file', `cannot write the plan to ${output}: ${why}`, { hint: '--output takes a file' });
}

/** What came through stdin is gone when the plan is applied. */
function unstored(): PkgError {
  return new PkgError('usage', 'a plan to be stored cannot be made from stdin: pkg apply reads the archive again', {
    hint: 'put the archive into a file: pkg plan install FILE -o PLAN',
  });
}

/** A rollback gives up what is on trial, if anything is. */
async function trialToGiveUp(root: string) {
  const { planOfGivingUp } = await import('../../operations/trial/plan-of-giving-up.ts');
  return planOfGivingUp(root);
}

function unstoredTrial(): PkgError {
  return new PkgError('usage', 'giving up a trial cannot be stored as a plan', { hint: 'pkg rollback' });
}
