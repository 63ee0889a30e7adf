import fs from 'node:fs';

/** Why a script could not be started. The kernel says "no such file" for four different things. */
export function explainSpawnError(
  run: { readonly file: string; readonly cwd: string },
  error: NodeJS.ErrnoException,
): string {
  const reason = (error.code === 'ENOENT' && whatIsMissing(run)) || REASONS[error.code ?? ''] || error.message;
  return `cannot run ${run.file}: ${reason}`;
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'it is not executable',
  E2BIG: 'its arguments and environment are too large; pass large values in a file',
};

function whatIsMissing({ file, cwd }: { readonly file: string; readonly cwd: string }): string | null {
  if (!fs.existsSync(cwd)) return `its working directory ${cwd} does not exist`;
  if (!fs.existsSync(file)) return 'it does not exist';
  const interpreter = interpreterOf(file);
  if (interpreter === null) return null;
  if (interpreter.endsWith('\r'))
    return `its first line ends in CR LF, so the interpreter is looked for as '${interpreter.slice(0, -1)}\\r'`;
  return `its interpreter ${interpreter} does not exist`;
}

/** `/bin/sh` of `#!/bin/sh -e`; null without such a line. */
function interpreterOf(file: string): string | null {
  const [first = ''] = fs.readFileSync(file, 'latin1').split('\n', 1);
  return /^#![ \t]*([^ \t]+)/.exec(first)?.[1] ?? null;
}
