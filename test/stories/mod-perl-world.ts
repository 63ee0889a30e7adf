import fs from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { build } from '../../src/operations/build.ts';
import { readText } from '../../src/system/index.ts';
import { freePort } from '../hooks/stage.ts';
import { inhabitantsOf } from '../support/inhabitants.ts';
import { type Ended, workbench } from '../support/pkg.ts';

const FIXTURES = new URL('../../fixtures/mod_perl/', import.meta.url).pathname;

/** What of Debian goes into the bundles, so that these are the perl and the mod_perl that run. */
const COPIES = {
  perl: [
    ['/usr/bin/perl', 'bin/perl'],
    ['/usr/lib/x86_64-linux-gnu/libperl.so.5.36', 'lib/libperl.so.5.36'],
  ],
  mod_perl: [['/usr/lib/apache2/modules/mod_perl.so', 'modules/mod_perl.so']],
  site: [],
  front: [],
} as const;

type Name = keyof typeof COPIES;

/** What the bundles of a release differ in from the fixtures: file -> its new text. */
export type Edit = (text: string, file: string) => string;

export type Shop = Awaited<ReturnType<typeof modPerlShop>>;

/** A machine with nothing installed yet on which a mod_perl server shall live; nothing is left when the test ends. */
export async function modPerlShop() {
  const t = workbench();
  // Apache runs as another user, who has to get through.
  fs.chmodSync(t.home, 0o755);
  const ports = { PORT: await freePort(), SPARE: await freePort(), FRONT: await freePort() };

  const shop = {
    ...t,
    ports,
    /** Builds a bundle of the fixtures; `perl` is the range that mod_perl needs, `edit` changes its files. */
    async make(
      name: Name,
      version: string,
      { edit = (text) => text, perl = '*' }: { edit?: Edit; perl?: string } = {},
    ) {
      const folder = path.join(t.home, 'sources', `${name}-${version}`);
      fs.rmSync(folder, { recursive: true, force: true });
      fs.cpSync(path.join(FIXTURES, name), folder, { recursive: true });
      const values = { VERSION: version, PERL: perl, ...ports };
      for (const file of filesBelow(folder)) {
        const text = edit(filledIn(fs.readFileSync(file, 'utf8'), values), path.relative(folder, file));
        fs.writeFileSync(file, text);
      }
      for (const [from, to] of COPIES[name]) {
        fs.mkdirSync(path.dirname(path.join(folder, to)), { recursive: true });
        fs.copyFileSync(from, path.join(folder, to));
      }
      return (await build({ folder, outDir: t.home, env: {} })).file;
    },
    /** perl, mod_perl, the site and nginx in front of it, running. */
    async open(): Promise<Ended> {
      const pair = await shop.oldPair();
      return t.ok('install', '--yes', ...pair, await shop.make('site', '1.0.0'), await shop.make('front', '1.0.0'));
    },
    oldPair: async () => [
      await shop.make('perl', '5.6.1'),
      await shop.make('mod_perl', '1.26.0', { perl: '>=5.6 <5.8' }),
    ],
    newPair: async () => [await shop.make('perl', '5.8.0'), await shop.make('mod_perl', '1.27.0', { perl: '>=5.8' })],
    /** What the Registry script says to a visitor, who comes through nginx. */
    async page(): Promise<string> {
      const { status, text } = await shop.visit();
      return status === 200 ? text : `${status}`;
    },
    /** The same with its status. */
    visit: (where = '/perl/release.pl') => get(`http://127.0.0.1:${ports.FRONT}${where}`),
    /** The static file, as a browser asks that has seen it before. */
    async style(seen?: Style): Promise<Style> {
      const known = {
        ...(seen?.tag && { 'if-none-match': seen.tag }),
        ...(seen?.date && { 'if-modified-since': seen.date }),
      };
      const { status, headers, ...answer } = await get(`http://127.0.0.1:${ports.FRONT}/static/site.css`, known);
      return { status, text: answer.text, tag: headers.get('etag'), date: headers.get('last-modified') };
    },
    /** The process of a service, as `pkg status` says; null while it does not run. */
    async pid(bundle: string): Promise<number | null> {
      const { json } = await t.ok('status', '--json');
      const found = json.services.find((one: { bundle: string }) => one.bundle === bundle);
      return found?.pid ?? null;
    },
    /** Which libperl Apache has in its memory. */
    async libperl(): Promise<string> {
      const maps = readText(`/proc/${await shop.pid('site')}/maps`) ?? '';
      return /store\/perl\/([^-]+)-\S*libperl/.exec(maps)?.[1] ?? 'none of ours';
    },
    errorLog: (): string => readText(t.at('data/site/error_log')) ?? '',
    /** Processes that were started from the root and still live. */
    leftovers: (): readonly number[] => inhabitantsOf(t.root),
    /** Whether a port can be listened on again. */
    async isFree(port: number): Promise<boolean> {
      const { stdout } = await execa('ss', ['-Hltn', `sport = :${port}`]);
      return stdout === '';
    },
  };
  return shop;
}

/** What a visitor got of the static file, and what their browser remembers of it. */
export type Style = {
  readonly status: number;
  readonly text: string;
  readonly tag: string | null;
  readonly date: string | null;
};

/** The last lines an operator sees of a change that was not done. */
export function refusalOf({ exit, error }: Ended): string {
  return `${exit} ${error.code}: ${error.message}`;
}

/** Replaces a text that stands in one file. */
export function inFile(name: string, from: string, to: string): Edit {
  return (text, file) => (file === name ? text.replace(from, () => to) : text);
}

/** Several edits, one after the other. */
export function allOf(...edits: readonly Edit[]): Edit {
  return (text, file) => edits.reduce((edited, edit) => edit(edited, file), text);
}

/** A release that can be read, starts, and has no answer for anybody. */
export const DIES: Edit = allOf(
  inFile('lib/Site.pm', 'return', "die 'no such table: prices'; return"),
  inFile('bundle.json', '"ready": {', '"ready": { "timeout": "2s",'),
);

/** The new one comes up on the spare port, and the old one ends when nobody asks it any more. */
export const BESIDE = inFile(
  'bundle.json',
  '"services"',
  `"upgrade": {
    "up": [{ "from": "1.0.x", "steps": [{ "replace": "httpd" }] }],
    "down": [{ "to": "1.0.x", "steps": [{ "replace": "httpd" }] }]
  },
  "services"`,
);

/** One that perl cannot read. */
export const BRACE: Edit = inFile('lib/Site.pm', 'sub releases {', 'sub releases {{');

/** One that answers, and has something to say about it in the error_log. */
export const WARNS: Edit = inFile('perl/release.pl', 'print "X', 'my $price; warn "price: $price";\nprint "X');

/** One that needs a database of at least this version on the machine. */
export function seeksRedis(version: number): Edit {
  const host = `"host": { "redis": { "version": ["redis-server", "--version"], "range": ">=${version}" } }, "depends"`;
  return inFile('bundle.json', '"depends"', host);
}

const CLOSE = { connection: 'close' };

async function get(address: string, headers: Readonly<Record<string, string>> = {}) {
  const answer = await fetch(address, { headers: { ...CLOSE, ...headers } });
  return { status: answer.status, headers: answer.headers, text: (await answer.text()).trim() };
}

function filesBelow(folder: string): readonly string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}

function filledIn(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/@([A-Z]+)@/g, (mark, name: string) => String(values[name] ?? mark));
}
