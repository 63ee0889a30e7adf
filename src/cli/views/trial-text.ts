import type { Result } from '../../model/index.ts';
import type { Paint } from './paint.ts';
import { dayAndClock } from './time.ts';

/** What is open on purpose, and how it is kept. */
export function trialLine({ preview, trialUntil, generation }: Result, where: string, ink: Paint): string {
  const time = typeof trialUntil !== 'string' ? '' : ` until ${dayAndClock(trialUntil)}`;
  if (preview === undefined) return `${ink.green('on trial:')} ${where}${time}; pkg commit keeps it`;
  const others = generation === null ? 'nothing' : `generation ${generation}`;
  return `${ink.green('in preview:')} ${preview.join(', ')} sees the new version${time}, everybody else ${others}; pkg publish shows it to all, pkg abandon gives it up`;
}
