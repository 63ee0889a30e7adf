import fs from 'node:fs';
import path from 'node:path';
import { build } from '../../src/operations/build.ts';
import type { Place } from './place.ts';

const HOOKS = ['preinstall', 'postinstall', 'preremove', 'postremove'] as const;

/** A bundle by what differs; everything else is the same for all. */
export type BundleWish = {
  readonly name: string;
  readonly version: string;
  readonly manifest?: Record<string, unknown>;
  /** Shell lines that every hook runs after it left its trace. */
  readonly script?: string;
  /** More files, by path; a text that begins with `#!` makes a program. */
  readonly files?: Readonly<Record<string, string>>;
};

/** Builds a bundle with a command, configuration, a link outside the root and all four hooks; answers the archive. */
export async function makeBundle(place: Place, wish: BundleWish): Promise<string> {
  const { name, version } = wish;
  const source = path.join(place.folder, 'sources', `${name}-${version}`);
  write(source, `bin/${name}`, `#!/bin/sh\necho ${name} ${version}\n`, 0o755);
  write(source, 'lib/always.txt', `${'always the same\n'.repeat(20)}`);
  write(source, 'lib/deep/version.txt', `${version}\n`);
  write(source, 'etc/main.conf', `# ${name}\nport = 80\n\nversion = ${version}\n`);
  write(source, 'etc/more/other.conf', 'always = the same\n');
  fs.symlinkSync('deep/version.txt', path.join(source, 'lib/link'));
  for (const [file, text] of Object.entries(wish.files ?? {}))
    write(source, file, text, text.startsWith('#!') ? 0o755 : 0o644);
  for (const hook of HOOKS) write(source, `hooks/${hook}`, hookScript(place, wish), 0o755);
  const manifest = {
    name,
    version,
    bin: { [name]: `bin/${name}` },
    config: [{ path: 'etc/main.conf' }, { path: 'etc/more/other.conf' }],
    links: { [path.join(place.folder, 'stage/outside', `${name}.conf`)]: 'etc/main.conf' },
    hooks: Object.fromEntries(HOOKS.map((hook) => [hook, `hooks/${hook}`])),
    ...wish.manifest,
  };
  write(source, 'bundle.json', JSON.stringify(manifest));
  const outDir = path.join(place.folder, 'archives');
  fs.mkdirSync(outDir, { recursive: true });
  // In this process, which is quicker; that `pkg build` does the same has tests of its own.
  return (await build({ folder: source, outDir, env: {} })).file;
}

/** A hook leaves its trace first, so that it counts as run from its first moment. */
function hookScript({ effects }: Place, { name, version, script = '' }: BundleWish): string {
  return `#!/bin/sh\necho "${name}-${version} \${0##*/} $*" >> ${effects}\n${script}\n`;
}

function write(folder: string, name: string, text: string, mode = 0o644): void {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text, { mode });
}
