import fs from 'node:fs';
import { PkgError } from '../../../error.ts';
import { type LoadedConfig, namesOf, serviceTitle } from '../../../model/index.ts';
import type { ConfigNews } from '../../../steps/index.ts';
import type { Layout } from '../../../store/index.ts';
import { tellError } from '../../tell-error.ts';
import type { Place } from '../change.ts';
import type { LiveService } from '../live.ts';
import { restoreConfig } from './restore-config.ts';

/** A reload that failed. */
export type Failed = { readonly service: LiveService; readonly news: ConfigNews; readonly restore: boolean };

/**
 * The configuration that a service has loaded last, where the operator edited it since and it can be put back. What a
 * change made of the files belongs to that change, and so does its way back.
 */
export function restorable(
  { name, record, revision }: LiveService,
  { change }: ConfigNews,
  layout: Layout,
): LoadedConfig | null {
  const loaded = record?.launch.loaded;
  if (loaded === undefined || loaded.revision !== revision || namesOf(change.files).length === 0) return null;
  return fs.existsSync(layout.configCopy(name.bundle, loaded.copy)) ? loaded : null;
}

/** Puts back what was loaded last if the operator wants it; returns the error, which says how that went. */
export async function offerRestore(error: unknown, failed: Failed, place: Place): Promise<unknown> {
  const { service, news, restore } = failed;
  const { layout, session } = place;
  const loaded = restorable(service, news, layout);
  if (!(error instanceof PkgError) || loaded === null || session.interrupt.requested !== null) return error;
  const title = serviceTitle(service.name);
  if (!restore && !(await session.askYesNo(`${error.message}\nPut back what ${title} had loaded before?`))) {
    return withHint(
      error,
      `to put back what it had loaded before, and keep yours: pkg service reload ${title} --restore`,
    );
  }
  try {
    await restoreConfig(service, { loaded, news }, place);
  } catch (worse) {
    tellError(error, session);
    return worse;
  }
  return withHint(error, `what you had edited lies beside each file as FILE.pkg-edited-${loaded.revision}`);
}

function withHint({ code, message, details, cause }: PkgError, hint: string): PkgError {
  return new PkgError(code, message, { hint, details, cause });
}
