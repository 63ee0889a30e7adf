import { archiveFile, type Facts, type KnownBundle, quoted, type Request } from '../model/index.ts';

/** The files and names of a request as they can be pasted behind a verb. */
export function requestWords(request: Request, facts: Facts): string {
  if (request.kind !== 'install' && request.kind !== 'downgrade') return '';
  const files = request.digests
    .flatMap((digest) => facts.known.get(digest) ?? [])
    .map((bundle) => bundleWord(bundle, facts));
  const names = request.names.map(({ name, range }) => (range === null ? name : quoted(`${name}@${range}`)));
  return [...files, ...names, ...request.remove.flatMap((name) => ['--remove', name])].join(' ');
}

/** How to name one bundle: the file that was given, else its name and version among the kept ones. */
export function bundleWord({ id, file }: KnownBundle, facts: Facts): string {
  if (!facts.offered.includes(id.digest)) return `${id.name}@${id.version}`;
  return quoted(file ?? archiveFile(id));
}
