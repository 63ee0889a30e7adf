/** Where the code of a worker lies: beside this file, as TypeScript in the source tree and as .mjs in the built program. */
export function workerFile(name: 'unpack-worker' | 'pack-worker', from: string): URL {
  return new URL(`./${name}${from.endsWith('.ts') ? '.ts' : '.mjs'}`, from);
}
