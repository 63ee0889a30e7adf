import { DEFAULT_LIMITS, type Limits } from '../operations/facts/open-archives.ts';
import type { Options } from './command.ts';
import { numberOption } from './options.ts';

/** The limits for archives, as given or by default. */
export function limitsOf(options: Options): Limits {
  return {
    ...DEFAULT_LIMITS,
    maxSize: numberOption(options, 'maxSize', 1) ?? DEFAULT_LIMITS.maxSize,
    maxEntries: numberOption(options, 'maxEntries', 1) ?? DEFAULT_LIMITS.maxEntries,
  };
}
