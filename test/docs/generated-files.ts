import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { manifestJsonSchema } from '../../src/bundle/index.ts';
import { commandReference, optionReference, overrideReference } from './command-reference.ts';
import { errorReference } from './error-reference.ts';
import { manPage } from './man-page.ts';
import { manifestReference, serviceReference, upgradeReference } from './manifest-reference.ts';
import { reliabilityReference } from './reliability-reference.ts';

const TOP = join(import.meta.dirname, '../..');

/** Page -> the parts in it that are made from the code, by the name in their marker. */
const PARTS: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  'docs/errors.md': { errors: errorReference },
  'docs/bundle-format.md': { manifest: manifestReference },
  'docs/services.md': { services: serviceReference },
  'docs/upgrade-paths.md': { upgrade: upgradeReference },
  'docs/reliability.md': { 'last-run': reliabilityReference },
  'docs/cli.md': { commands: commandReference, options: optionReference, overrides: overrideReference },
};

/** Every file of the documentation that is made from the code, wholly or in part, as it should be. */
export async function generatedFiles(): Promise<readonly { readonly file: string; readonly text: string }[]> {
  const pages = Object.entries(PARTS).map(([page, parts]) => ({ file: page, text: withParts(page, parts) }));
  const file = 'docs/bundle.schema.json';
  const schema = { file, text: await format(file, JSON.stringify(manifestJsonSchema())) };
  const man = { file: 'docs/man/pkg.1', text: manPage() };
  return [...pages, schema, man].map((wanted) => ({ ...wanted, file: join(TOP, wanted.file) }));
}

function withParts(page: string, parts: Readonly<Record<string, () => string>>): string {
  return Object.entries(parts).reduce(
    (text, [name, part]) => {
      const marked = new RegExp(`(<!-- generated:${name} -->\n)[^]*?(\n<!-- /generated -->)`);
      if (!marked.test(text)) throw new Error(`${page} has no place for the generated part '${name}'`);
      return text.replace(marked, (_, begin: string, end: string) => `${begin}\n${part()}\n${end}`);
    },
    readFileSync(join(TOP, page), 'utf8'),
  );
}

/** As the formatter would leave it: what is written and what is checked in are the same bytes. */
async function format(file: string, text: string): Promise<string> {
  const biome = join(TOP, 'node_modules/.bin/biome');
  const { stdout } = await execa(biome, ['format', `--stdin-file-path=${file}`], {
    cwd: TOP,
    input: text,
    stripFinalNewline: false,
  });
  return stdout;
}
