import { archiveFile, type Facts, type KnownBundle, quoted, type Request } from '../model/index.ts';

/** The files and names of a request, and `more` to add to them, as they can be pasted after a verb. */
export function requestWords(request: Request, facts: Facts, more: readonly string[] = []): string {
  if (request.kind !== 'install' && request.kind !== 'downgrade') return more.join(' ');
  const files = request.digests
    .flatMap((digest) => facts.known.get(digest) ?? [])
    .map((bundle) => bundleWord(bundle, facts));
  const names = request.names.map(({ name, range }) => (range === null ? name : quoted(`${name}@${range}`)));
  return [...files, ...names, ...more, ...request.remove.map((name) => `--remove ${name}`)].join(' ');
}

/** The whole command of a request that installs, with `more` words: `pkg install perl-5.8.0.tgz mod_perl@1.27.0`. */
export function requestCommand(request: Request, facts: Facts, more: readonly string[]): string {
  const verb = request.kind === 'downgrade' ? 'pkg downgrade --force' : 'pkg install';
  return `${verb} ${requestWords(request, facts, more)}`;
}

/** How to name one bundle: by the file that was given, else by the name and version of a kept one. */
export function bundleWord({ id, file }: KnownBundle, facts: Facts): string {
  if (!facts.offered.includes(id.digest)) return `${id.name}@${id.version}`;
  return quoted(file ?? archiveFile(id));
}
