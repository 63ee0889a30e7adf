import fs from 'node:fs';
import { PkgError } from '../error.ts';
import { hideSecrets } from '../model/index.ts';
import { descriptorPath, openNameless, spawnApart } from '../system/index.ts';
import { endInWords, endWithin, openLog } from './process/run-command.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** One question to a live service through its control program. */
export type ControlRequest = {
  readonly program: string;
  readonly verb: string;
  /** Becomes one JSON document on its stdin. */
  readonly request: unknown;
  readonly timeoutMs: number;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Takes what it prints to stderr. */
  readonly log: string;
  readonly abort: AbortSignal;
  /** What nobody may read in what it prints. */
  readonly secrets?: readonly string[];
};

/** Asks and answers the document on the last line of its stdout. Anything but a clear yes within the time is a failure. */
export async function askControl(control: ControlRequest): Promise<Json> {
  const [question, answer, log] = [
    openNameless(`${JSON.stringify(control.request)}\n`),
    openNameless(),
    openLog(control.log),
  ];
  try {
    const { program: file, verb, cwd, env } = control;
    const { pid, exit } = await spawnApart({ file, args: [verb], cwd, env, stdio: [question, answer, log] }).catch(
      (error: unknown) => Promise.reject(fails(control, (error as Error).message)),
    );
    const end = await endWithin(pid, exit, control);
    const answered = lastLine(answer);
    const document = parse(answered);
    const hide = (text: string): string => hideSecrets(text, control.secrets);
    const [said, found] = [hide(answered), reasonIn(document)];
    const reason = found === null ? null : hide(found);
    if (end.code !== 0 || end.cut !== null)
      throw fails(control, `${endInWords(end)}${said === '' ? '' : `: ${reason ?? said}`}`);
    if (reason !== null) throw fails(control, `said no: ${reason}`);
    if (document === undefined) throw fails(control, said === '' ? 'gave no answer' : `gave no JSON, but: ${said}`);
    return document;
  } finally {
    for (const descriptor of [question, answer, log]) fs.closeSync(descriptor);
    hideIn(control.log, control.secrets);
  }
}

/** Its log is small, and it printed there by itself. */
function hideIn(log: string, secrets: readonly string[] = []): void {
  const text = secrets.length === 0 ? '' : fs.readFileSync(log, 'latin1');
  const hidden = hideSecrets(
    text,
    secrets.map((secret) => Buffer.from(secret).toString('latin1')),
  );
  if (hidden !== text) fs.writeFileSync(log, hidden, 'latin1');
}

function lastLine(descriptor: number): string {
  const text = fs.readFileSync(descriptorPath(descriptor), 'utf8').trimEnd();
  return text.slice(text.lastIndexOf('\n') + 1);
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** `{"ok":false,"error":"busy"}` is a no. */
function reasonIn(document: Json | undefined): string | null {
  if (typeof document !== 'object' || document === null || !('ok' in document) || document.ok !== false) return null;
  const { error } = document;
  return typeof error === 'string' ? error : JSON.stringify(document);
}

function fails({ program, verb, log }: ControlRequest, what: string): PkgError {
  return new PkgError('control-failed', `${program} ${verb} ${what}`, { details: { log } });
}
