import type { Plan } from '../../../model/index.ts';

/** Whether a yes to it could not be taken back in full. */
export function isDangerous({ pointOfNoReturn, wayBack }: Plan): boolean {
  return pointOfNoReturn !== null || wayBack.loses.length > 0;
}
