import { PkgError } from '../../error.ts';
import { hideSecrets, type RunRecord, serviceTitle } from '../../model/index.ts';
import { parseDuration } from '../../system/index.ts';
import { argvAs } from './run-as.ts';
import { endInWords, runCommand } from './run-command.ts';
import { serviceEnvironment } from './service-environment.ts';

export type ServiceCommand = {
  /** What people call it: `stop command`. */
  readonly title: string;
  readonly command: readonly string[];
  readonly timeout: string;
  readonly abort: AbortSignal;
  /** Variables besides those of the service. */
  readonly env?: Readonly<Record<string, string>>;
};

/** Runs a command of a service where the service runs, printing to its log. Answers why it failed, or null. */
export async function runServiceCommand(record: RunRecord, run: ServiceCommand): Promise<PkgError | null> {
  const { launch } = record;
  const title = serviceTitle(launch.name);
  try {
    const end = await runCommand({
      argv: argvAs(launch, run.command),
      cwd: launch.cwd,
      env: { ...serviceEnvironment(record), ...run.env },
      log: launch.log,
      timeoutMs: parseDuration(run.timeout),
      abort: run.abort,
    });
    if (end.ok) return null;
    const tail = hideSecrets(end.tail, launch.secrets);
    const said = tail === '' ? '' : `:\n${tail.replaceAll(/^/gm, '  ')}`;
    return new PkgError('service-failed', `the ${run.title} of ${title} ${endInWords(end)}${said}`, {
      hint: `pkg logs ${title}`,
      details: { log: launch.log },
    });
  } catch (error) {
    return new PkgError('service-failed', `the ${run.title} of ${title}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
