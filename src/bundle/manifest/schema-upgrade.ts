import { z } from 'zod';
import { UPGRADE_VERBS, upgradeVerb } from '../../model/index.ts';
import { argvWord, durationWord, rangeWord } from './schema-words.ts';

const program = z.union([z.string().min(1), argvWord], { error: 'a program: "bin/tool", or a list of words' });
const service = z.string().min(1, { error: 'a service of this bundle, or BUNDLE/SERVICE' });

const step = z
  .strictObject({
    check: program.describe('a question that must be answered with 0'),
    prepare: program.describe('gets something ready beforehand; harmless'),
    backup: z
      .union([z.literal(true), program], { error: 'true, or a program: "bin/tool", or a list of words' })
      .describe(
        'a copy that `irreversible` steps can be restored from: `true` copies the data folder, a program what it likes',
      ),
    run: program.describe('a program of the bundle'),
    call: service.describe('sends a message to the control program of a live service'),
    suspend: service.describe('makes a live service hold its work'),
    resume: service.describe('lets it go on'),
    update: service.describe('suspend, change code, resume'),
    migrate: z.string().min(1).describe('changes the format of data: a program, or a live service through its control'),
    reload: service.describe('the service reads its files again'),
    config: service.describe('the service takes its new configuration'),
    replace: service.describe('the new one is started beside the old one, then the old one ends'),
    restart: service.describe('stop and start back to back'),
    stop: service.describe('stops it'),
    start: service.describe('starts it again'),
    maintenance: z.enum(['on', 'off']).describe('maintenance mode of the bundle'),
    extra: z.unknown().describe('what the program is told: JSON'),
    service: service.describe('the live service that a call or migration is meant for'),
    in: z.enum(['new', 'old']).describe('which of the two versions holds the program; default new'),
    undo: program.describe('the program that undoes this step'),
    irreversible: z.boolean().describe('cannot be undone: makes a point of no return'),
    timeout: durationWord.describe('how long it may take'),
  })
  .partial()
  .superRefine((written, context) => {
    if (upgradeVerb(written) !== null) return;
    const verbs = Object.keys(UPGRADE_VERBS).join(', ');
    context.addIssue({ code: 'custom', message: 'a step has exactly one verb', params: { hint: `one of ${verbs}` } });
  });

const steps = z.array(step).describe('what is done, in order; empty: nothing needs to be done');

const byDefault = z.enum(['hot', 'reload', 'replace', 'restart', 'stop-migrate-start', 'base', 'none']);

/** `upgrade`: the declared ways from and to other versions. */
export const upgradeSchema = z
  .strictObject({
    up: z.array(z.strictObject({ from: rangeWord.describe('the older versions'), steps })),
    down: z.array(z.strictObject({ to: rangeWord.describe('the older versions'), steps })),
    default: z.strictObject({ up: byDefault, down: byDefault }).partial(),
  })
  .partial();
