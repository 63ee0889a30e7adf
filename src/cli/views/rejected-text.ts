import type { Plan } from '../../model/index.ts';

/** Every way that was looked at and not taken, for `pkg plan --why`. */
export function rejectedLines({ rejected }: Plan): readonly string[] {
  if (rejected.length === 0) return ['Ways not taken: none, the first one was the best'];
  return ['Ways not taken:', ...rejected.map(({ from, to, why }) => `  ${from} -> ${to}: ${why}`)];
}
