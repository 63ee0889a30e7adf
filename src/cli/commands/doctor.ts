import { EXIT } from '../../error.ts';
import type { Command } from '../command.ts';
import { print, printJson } from '../streams.ts';

export const doctor: Command = {
  name: 'doctor',
  summary: 'look for what is wrong on this root and around it, and say what to do; changes nothing',
  group: 'look',
  examples: ['pkg doctor', 'pkg doctor --json'],
  completes: 'nothing',
  run: async (_words, _options, context) => {
    const operations = await import('../../operations/doctor/doctor.ts');
    const { repeatRoot } = await import('../repeat-root.ts');
    const found = await operations.doctor(context.root);
    const checks = found.map(({ fix, ...check }) =>
      fix === undefined ? check : { ...check, fix: repeatRoot(fix, context.rootWords) },
    );
    if (context.json) printJson(context.streams, { checks });
    else {
      const { doctorLines } = await import('../views/doctor-text.ts');
      const { paint } = await import('../views/paint.ts');
      for (const line of doctorLines(checks, context.quiet, paint(context.streams.output, context.color)))
        print(context.streams, line);
    }
    return checks.every(({ ok }) => ok) ? EXIT.done : EXIT.failed;
  },
};
