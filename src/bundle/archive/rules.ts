import { type Code, PkgError } from '../../error.ts';

/** Every rule an archive can break: the code it is refused with, and the rule in words. */
const RULES = {
  'not-gzip': ['not-an-archive', 'it is not compressed with gzip'],
  'not-tar': ['not-an-archive', 'it holds no tar archive'],
  'not-a-bundle': ['not-an-archive', 'its first entry is not bundle.json'],
  truncated: ['archive-truncated', 'it ends too early'],
  'gzip-damaged': ['archive-invalid', 'its compressed data is damaged'],
  'gzip-checksum': ['digest-mismatch', 'its gzip checksum does not match its content'],
  'member-checksum': ['digest-mismatch', 'the checksum of a member does not match its compressed bytes'],
  'member-index': ['archive-invalid', 'what its members say they hold is not what they hold'],
  'gzip-trailing-data': ['archive-invalid', 'nothing may follow the end of the compressed data'],
  'tar-trailing-data': ['archive-invalid', 'nothing may follow the end of the tar archive'],
  'bad-header': ['archive-invalid', 'its header is not a clean ustar header'],
  'bad-padding': ['archive-invalid', 'the space between entries must be zero'],
  'bad-pax': ['archive-invalid', 'its pax header is malformed'],
  'pax-key': ['archive-invalid', 'its pax header holds a key that bundles do not use'],
  'pax-path': ['archive-invalid', 'its pax path and the name in its header do not belong together'],
  'pax-size': ['archive-invalid', 'a pax size may only stand where the header cannot hold the size'],
  'entry-type': ['archive-invalid', 'only files, directories and symbolic links are allowed'],
  'hard-link': ['archive-invalid', 'hard links are not allowed'],
  device: ['archive-invalid', 'devices are not allowed'],
  fifo: ['archive-invalid', 'fifos are not allowed'],
  sparse: ['archive-invalid', 'sparse files are not allowed'],
  'special-mode': ['archive-invalid', 'setuid, setgid and sticky bits are not allowed'],
  'absolute-path': ['archive-invalid', 'an absolute path is not allowed'],
  'dot-dot': ['archive-invalid', "'..' is not allowed in a path"],
  'path-form': ['archive-invalid', "a path must be written without '.', empty parts or a slash at its end"],
  'nul-in-path': ['archive-invalid', 'a NUL byte is not allowed in a path'],
  'not-utf-8': ['archive-invalid', 'names must be UTF-8'],
  'path-too-long': ['archive-invalid', 'the path is too long or too deep (100 folders, 4096 bytes, 255 bytes a name)'],
  'duplicate-path': ['archive-invalid', 'the same path stands twice'],
  'same-name-in-unicode': ['archive-invalid', 'two paths are the same after Unicode normalisation (NFC)'],
  'parent-missing': ['archive-invalid', 'its folder is not an entry of the bundle'],
  'below-a-link': ['archive-invalid', 'it lies below something that is not a directory'],
  'link-leaves': ['archive-invalid', 'the symbolic link leaves the bundle'],
  'reserved-path': ['archive-invalid', 'the path belongs to pkg itself'],
  'missing-entry': ['archive-invalid', 'it is in the table of bundle.json but not in the archive'],
  'added-entry': ['archive-invalid', 'it is in the archive but not in the table of bundle.json'],
  'entry-order': ['archive-invalid', 'entries must be sorted by the bytes of their path'],
  'type-mismatch': ['archive-invalid', 'its type differs from the table of bundle.json'],
  'mode-mismatch': ['archive-invalid', 'its mode differs from the table of bundle.json'],
  'size-mismatch': ['archive-invalid', 'its size differs from the table of bundle.json'],
  'target-mismatch': ['archive-invalid', 'its link target differs from the table of bundle.json'],
  'sha256-mismatch': ['digest-mismatch', 'its content differs from the sha256 in bundle.json'],
  'digest-mismatch': ['digest-mismatch', 'its digest is not the one asked for'],
  'manifest-form': ['archive-invalid', 'it is not canonical JSON (RFC 8785)'],
  'manifest-content': ['archive-invalid', 'it breaks the manifest schema'],
  'file-table': ['archive-invalid', 'its table of files is malformed'],
  'too-large': ['archive-too-large', 'it holds more content than --max-size allows'],
  'too-many-entries': ['archive-too-large', 'it holds more entries than --max-entries allows'],
  'manifest-too-large': ['archive-too-large', 'it is larger than a manifest may be'],
} as const satisfies Readonly<Record<string, readonly [Code, string]>>;

export type Rule = keyof typeof RULES;

/** What broke a rule: the entry (null: the archive itself) and perhaps what was found. */
export type Breach = { readonly rule: Rule; readonly entry: string | null; readonly found?: string };

/** The error that names archive, entry and rule. */
export function archiveError(archive: string, breach: Breach, cause?: unknown): PkgError {
  const [code] = RULES[breach.rule];
  const place = breach.entry === null ? '' : ` entry ${shownName(breach.entry)}:`;
  const message = `cannot use archive ${archive}:${place} ${ruleText(breach)} (${breach.rule})`;
  return new PkgError(code, message, { hint: HINTS[code], details: { archive, ...breach }, cause });
}

const HINTS = {
  'not-an-archive': 'give a file that pkg build made; a folder becomes one by: pkg build DIR',
  'archive-truncated': 'copy it again from where it was built: it did not arrive whole',
  'archive-invalid': 'build it again with pkg build; docs/bundle-format.md has the rules',
  'archive-too-large': 'look at it: pkg inspect FILE; if that much is meant: --max-size BYTES --max-entries N',
  'digest-mismatch': 'copy it again from where it was built, and compare: sha256sum FILE',
} as const satisfies Partial<Record<Code, string>>;

/** The rule in words, with what was found instead. */
export function ruleText(breach: Breach): string {
  const [, text] = RULES[breach.rule];
  return breach.found === undefined ? text : `${text}: ${breach.found}`;
}

/** A name as it can be printed: quoted, control characters escaped. */
function shownName(name: string): string {
  return `'${JSON.stringify(name).slice(1, -1).replaceAll('\u007f', '\\u007f')}'`;
}
