import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** What an operator has: the live set with its configuration and links. Two equal ones are the same state. */
export type State = {
  readonly generation: number | null;
  readonly bundles: readonly string[];
  /** `NAME/FILE` -> content. */
  readonly etc: Readonly<Record<string, string>>;
  readonly commands: readonly string[];
  /** What lies below data/, and which formats are noted for it. */
  readonly data: readonly string[];
};

type Entry = {
  readonly path: string;
  readonly type: 'file' | 'symlink' | 'directory';
  readonly mode: string;
  readonly size?: number;
  readonly sha256?: string;
  readonly target?: string;
};

type Manifest = { readonly bin?: Record<string, string>; readonly files: readonly Entry[] };

type Generation = {
  readonly number: number;
  readonly bundles: readonly { readonly name: string; readonly version: string; readonly digest: string }[];
  readonly config: Readonly<Record<string, string>>;
};

/** Reads the live generation and compares every byte it consists of with what it says itself; throws on any difference. */
export function examineRoot(root: string): State {
  if (fs.lstatSync(path.join(root, 'current'), { throwIfNoEntry: false }) === undefined) {
    return { generation: null, bundles: [], etc: {}, commands: [], data: readData(root) };
  }
  const target = fs.readlinkSync(path.join(root, 'current'));
  const folder = path.join(root, target);
  const { checksum, ...generation } = readJson(path.join(folder, 'generation.json')) as Generation & {
    checksum: string;
  };
  same(`sha256:${sha256(JSON.stringify(generation))}`, checksum, 'checksum of the generation');
  same(`generations/${generation.number}`, target, 'current');
  const manifests = generation.bundles.map((bundle) => checkBundle(root, folder, bundle));
  const names = generation.bundles.map(({ name }) => name).toSorted();
  same(fs.readdirSync(path.join(folder, 'bundles')).toSorted(), names, 'bundles of the generation');
  const commands = manifests.flatMap(({ bin }) => Object.keys(bin ?? {})).toSorted();
  same(fs.readdirSync(path.join(folder, 'bin')).toSorted(), commands, 'commands of the generation');
  for (const command of commands) fs.accessSync(path.join(folder, 'bin', command), fs.constants.X_OK);
  return {
    generation: generation.number,
    bundles: generation.bundles.map(({ name, version }) => `${name} ${version}`),
    etc: readEtc(root, folder, generation),
    commands,
    data: readData(root),
  };
}

/** Every path below `folder` with what it is; with `times` also when it was last changed. */
export function listTree(folder: string, times: boolean): readonly string[] {
  if (!fs.existsSync(folder)) return [];
  return namesBelow(folder)
    .toSorted()
    .map((name) => {
      const file = path.join(folder, name);
      const stat = fs.lstatSync(file);
      const content = stat.isSymbolicLink() ? `-> ${fs.readlinkSync(file)}` : stat.isFile() ? hashOf(file) : '';
      return [name, stat.mode.toString(8), content, times ? stat.mtimeMs : ''].join(' ').trim();
    });
}

/** A link may lead to the folder that it lies in. */
function namesBelow(folder: string): readonly string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const below = entry.isDirectory() ? namesBelow(path.join(folder, entry.name)) : [];
    return [entry.name, ...below.map((name) => path.join(entry.name, name))];
  });
}

function checkBundle(root: string, generation: string, bundle: Generation['bundles'][number]): Manifest {
  const { name, version, digest } = bundle;
  const hex = digest.replace('sha256:', '');
  const folder = path.join(root, 'store', name, `${version}-${hex.slice(0, 12)}`);
  same(fs.realpathSync(path.join(generation, 'bundles', name)), fs.realpathSync(folder), `link to ${name}`);
  const text = fs.readFileSync(path.join(folder, 'bundle.json'));
  same(sha256(text), hex, `digest of ${name}`);
  const manifest = JSON.parse(text.toString('utf8')) as Manifest;
  for (const entry of manifest.files) checkEntry(folder, entry);
  const found = namesBelow(folder).toSorted();
  same(found, ['bundle.json', ...manifest.files.map((entry) => entry.path)].toSorted(), `files of ${name}`);
  same(modeOf(folder), '555', `mode of ${folder}`);
  return manifest;
}

function checkEntry(folder: string, entry: Entry): void {
  const file = path.join(folder, entry.path);
  const stat = fs.lstatSync(file);
  if (entry.type === 'symlink') return same(fs.readlinkSync(file), entry.target, file);
  same(entry.type === 'directory' ? stat.isDirectory() : stat.isFile(), true, `type of ${file}`);
  same(modeOf(file), entry.mode === '0644' ? '444' : '555', `mode of ${file}`);
  if (entry.type === 'file') same(hashOf(file), entry.sha256, `content of ${file}`);
}

function readEtc(root: string, folder: string, { config }: Generation): Record<string, string> {
  const etc: Record<string, string> = {};
  same(fs.readdirSync(path.join(folder, 'etc')).toSorted(), Object.keys(config).toSorted(), 'etc of the generation');
  for (const [name, revision] of Object.entries(config)) {
    const place = path.join(folder, 'etc', name);
    same(fs.realpathSync(place), fs.realpathSync(path.join(root, 'config', name, revision)), place);
    for (const file of fs.readdirSync(place, { recursive: true, encoding: 'utf8' }).toSorted()) {
      const full = path.join(place, file);
      if (fs.statSync(full).isFile()) etc[`${name}/${file}`] = fs.readFileSync(full, 'utf8');
    }
  }
  return etc;
}

function readData(root: string): readonly string[] {
  const formats = path.join(root, 'data-formats.json');
  return [
    ...listTree(path.join(root, 'data'), false),
    fs.existsSync(formats) ? fs.readFileSync(formats, 'utf8') : '{}\n',
  ];
}

function same(found: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: found ${a}, expected ${b}`);
}

function modeOf(file: string): string {
  return (fs.lstatSync(file).mode & 0o7777).toString(8);
}

function hashOf(file: string): string {
  return sha256(fs.readFileSync(file));
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function readJson(file: string): unknown {
  return JSON.parse(fs.readFileSync(file, 'utf8'));
}
