import { mergeSettings, type Settings } from '../../model/index.ts';
import type { Session } from '../session.ts';

/** A change may be decided twice; what was answered the first time is not asked again. */
export function askedOnce(session: Session): Session {
  let answered: Settings = {};
  const asked = new Set<string>();
  return {
    ...session,
    askSettings: async (questions) => {
      const open = questions.filter(({ bundle, key }) => !asked.has(`${bundle}.${key}`));
      for (const { bundle, key } of open) asked.add(`${bundle}.${key}`);
      if (open.length > 0) answered = mergeSettings(answered, await session.askSettings(open));
      return answered;
    },
  };
}
