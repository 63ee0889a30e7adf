import { z } from 'zod';
import { UPGRADE_VERBS, upgradeVerb } from '../../model/index.ts';
import { argvWord, durationWord, rangeWord } from './schema-words.ts';

const program = z.union([z.string().min(1), argvWord], { error: 'a program: "bin/tool", or a list of words' });
const service = z.string().min(1, { error: 'a service of this bundle, or BUNDLE/SERVICE' });

const step = z
  .strictObject({
    check: program.describe('a program that must end with 0, run before anything is touched'),
    prepare: program.describe('a program that prepares something and changes nothing that is live'),
    backup: z
      .union([z.literal(true), program], { error: 'true, or a program: "bin/tool", or a list of words' })
      .describe('a copy to restore from: `true` copies the data folder; or a program that makes a copy'),
    run: program.describe('a program of the bundle'),
    call: service.describe('sends a message to the control program of a live service'),
    suspend: service.describe('makes a live service pause'),
    resume: service.describe('makes it go on'),
    update: service.describe('suspend, change code, resume'),
    migrate: z.string().min(1).describe('changes the format of data: a program, or a live service through its control'),
    reload: service.describe('the service reads its files again'),
    config: service.describe('the service takes its new configuration'),
    replace: service.describe('a new instance starts beside the old one, then the old one ends'),
    restart: service.describe('stops and starts it at once'),
    stop: service.describe('stops it'),
    start: service.describe('starts it again'),
    maintenance: z.enum(['on', 'off']).describe('maintenance mode of the bundle'),
    extra: z.unknown().describe('JSON that the program or service is given'),
    service: service.describe('the live service that a call or migration is for'),
    in: z.enum(['new', 'old']).describe('which of the two versions has the program; default new'),
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
    up: z
      .array(z.strictObject({ from: rangeWord.describe('the older versions'), steps }))
      .describe('the ways from older versions to this one'),
    down: z
      .array(z.strictObject({ to: rangeWord.describe('the older versions'), steps }))
      .describe('the ways from this version back to older ones'),
    default: z
      .strictObject({ up: byDefault.describe('on the way up'), down: byDefault.describe('on the way down') })
      .partial()
      .describe('the class where no entry matches'),
  })
  .partial();
