import semver from 'semver';
import type { Facts, Manifest } from '../../model/index.ts';

/** Asks the machine for the host software that bundles need: whether it is there, and in which version. */
export async function askHost(manifests: readonly Manifest[]): Promise<Facts['host']> {
  const wanted = new Map(manifests.flatMap((manifest) => Object.entries(manifest.host ?? {})));
  const answers = [...wanted].map(async ([name, { version }]) => {
    return [name, version === undefined ? await isPresent(name) : await askVersion(version)] as const;
  });
  return new Map(await Promise.all(answers));
}

async function isPresent(name: string) {
  const { execa } = await import('execa');
  const found = await execa('/bin/sh', ['-c', 'command -v -- "$1"', 'sh', name], { reject: false, stdin: 'ignore' });
  return { present: found.exitCode === 0, version: null };
}

async function askVersion(words: readonly string[]) {
  const [program = '', ...args] = words;
  const { execa } = await import('execa');
  const answer = await execa(program, args, { reject: false, stdin: 'ignore', all: true, timeout: 10_000 });
  const version = semver.coerce(answer.all)?.version ?? null;
  return { present: answer.exitCode === 0, version: answer.exitCode === 0 ? version : null };
}
