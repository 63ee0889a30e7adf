import { PkgError } from '../../error.ts';

/** The error for a file of planned times that cannot be read: nobody is to think that nothing is planned. */
export function damagedTimes(name: string, file: string): PkgError {
  return new PkgError('root-damaged', `what is planned for ${name} was damaged in ${file}`, {
    hint: `forget it, and plan it again: pkg maintenance off ${name} --planned`,
  });
}
