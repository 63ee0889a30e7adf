import type { World } from './world.ts';

/** Whether the operator said that this undo, or this hook after COMMIT, can never succeed, and that recovery goes on without it. */
export function isGivenUp(name: string, { givenUp, tell }: World): boolean {
  if (!givenUp.includes(name)) return false;
  tell({
    event: 'warning',
    message: `${name} is not run: --skip-hook; what it would have taken back or cleaned up stays`,
  });
  return true;
}
