import { execFile } from 'node:child_process';

/** Runs a command of the proxy; `said` is the first line that tells of a mistake, or else its last. */
export function runProxy([program = '', ...args]: readonly string[]): Promise<{
  readonly ok: boolean;
  readonly said: string;
  readonly out: string;
}> {
  // Programs of the system are in folders that the PATH of a plain user leaves out.
  const env = { LANG: 'C', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' };
  return new Promise((resolve) => {
    execFile(program, args, { env, timeout: LONGEST, killSignal: 'SIGKILL', maxBuffer: LARGEST }, (error, out, err) => {
      const lines = `${err}\n${out}`.split('\n').filter((line) => line.trim() !== '');
      const said = lines.find((line) => /emerg|alert|\berror\b/i.test(line)) ?? lines.at(-1) ?? error?.message ?? '';
      const isCut = error?.killed === true;
      resolve({ ok: error === null, said: isCut ? `it did not end within ${LONGEST} ms` : said, out });
    });
  });
}

const LONGEST = 15_000;

/** The whole configuration of an nginx may be a book. */
const LARGEST = 64 << 20;
