/** Where the code of a worker lies: beside this file, as TypeScript in the source tree and as .mjs in the built program. */
export function workerFile(name: 'unpack-worker', from: string): URL {
  return new URL(`./${name}${from.endsWith('.ts') ? '.ts' : '.mjs'}`, from);
}

/** A worker holds buffers and little else: without a limit its heap grows to the size of the machine's idea of small. */
export const WORKER_LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 128 } as const;
