import { type Code, PkgError } from '../../error.ts';
import { nearestWord, type ServiceName, serviceTitle } from '../../model/index.ts';

type Named = { readonly name: ServiceName };

/** The services that a word means: all of a bundle, `bundle/service`, or a service whose name only one bundle has. */
export function servicesNamed<T extends Named>(
  word: string,
  services: readonly T[],
  { root, code }: { readonly root: string; readonly code: Extract<Code, 'unknown-name' | 'not-installed'> },
): readonly T[] {
  const [first = '', second] = word.split('/', 2);
  const ofBundle = services.filter(({ name }) => name.bundle === first);
  if (second === undefined && ofBundle.length > 0) return ofBundle;
  const named =
    second === undefined
      ? services.filter(({ name }) => name.service === first)
      : ofBundle.filter(({ name }) => name.service === second);
  if (named.length === 1) return named;
  if (named.length > 1) throw ambiguous(word, named);
  const near = nearestWord(word, wordsFor(services));
  throw new PkgError(code, `no service '${word}' is installed in ${root}`, {
    hint: near === null ? 'pkg service status lists the services' : `did you mean ${near}?`,
  });
}

/** Exactly one service, where a bundle with several will not do. */
export function oneServiceNamed<T extends Named>(
  word: string,
  services: readonly T[],
  place: Parameters<typeof servicesNamed>[2],
): T {
  const named = servicesNamed(word, services, place);
  const [only] = named;
  if (only === undefined || named.length > 1) throw ambiguous(word, named);
  return only;
}

/** Every word that names a service or the services of a bundle. */
export function wordsFor(services: readonly Named[]): readonly string[] {
  const names = services.map(({ name }) => name.service);
  const unique = names.filter((name, at) => names.indexOf(name) === at && names.lastIndexOf(name) === at);
  return [
    ...new Set([
      ...services.map(({ name }) => name.bundle),
      ...services.map(({ name }) => serviceTitle(name)),
      ...unique,
    ]),
  ];
}

function ambiguous(word: string, services: readonly Named[]): PkgError {
  const titles = services.map(({ name }) => serviceTitle(name));
  return new PkgError('usage', `'${word}' means several services: ${titles.join(', ')}`, {
    hint: `name one of them, such as ${titles[0]}`,
  });
}
