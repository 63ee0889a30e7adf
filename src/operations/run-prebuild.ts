import path from 'node:path';
import { PkgError } from '../error.ts';
import { type Manifest, quoted } from '../model/index.ts';

export type Prebuild = {
  readonly folder: string;
  /** Archives of earlier versions, from which an upgrade may be generated. */
  readonly against: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
};

/** Runs the `prebuild` program of a manifest in its source folder; its output goes to stderr. */
export async function runPrebuild({ name, version, prebuild }: Manifest, o: Prebuild): Promise<void> {
  if (prebuild === undefined) return;
  const [program = '', ...args] = prebuild;
  const { execa } = await import('execa');
  const run = await execa(program.includes('/') ? path.resolve(o.folder, program) : program, args, {
    cwd: o.folder,
    env: { ...o.env, PKG_NAME: name, PKG_VERSION: version, PKG_EARLIER: o.against.join(':') },
    extendEnv: false,
    stdin: 'ignore',
    // stdout is for data: the name of the archive
    stdout: 2,
    stderr: 'inherit',
    reject: false,
  });
  if (!run.failed) return;
  throw new PkgError('prebuild-failed', `prebuild of ${name} ${version}, ${prebuild.join(' ')}: ${endOf(run)}`, {
    hint: `run it by hand in ${quoted(o.folder)}, or look at what it printed above`,
    cause: run.cause,
  });
}

function endOf({ exitCode, signal, originalMessage }: PrebuildEnd): string {
  if (exitCode !== undefined) return `it ended with exit status ${exitCode}`;
  return signal === undefined ? `it could not be started: ${originalMessage}` : `it was ended by ${signal}`;
}

type PrebuildEnd = {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly originalMessage?: string | undefined;
};
