import { manifestJsonSchema } from '../../src/bundle/index.ts';

type Schema = {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
};

type Row = { readonly key: string; readonly type: string; readonly meaning: string; readonly otherwise: string };

/** Keys that have a page of their own, since this version only reads and checks them. */
const ELSEWHERE = ['services', 'upgrade'];

/** Every key of `bundle.json`: type, meaning, default. */
export function manifestReference(): string {
  return table(rowsBelow(schema(), '', ELSEWHERE));
}

/** Every key of one entry of `services`. */
export function serviceReference(): string {
  return table(rowsBelow(valueOf(property('services')), ''));
}

/** Every key of `upgrade`; the steps of a way down have the same keys as those of a way up. */
export function upgradeReference(): string {
  return table(rowsBelow(property('upgrade'), '').filter(({ key }) => !key.startsWith('down[].steps[].')));
}

function schema(): Schema {
  return manifestJsonSchema() as Schema;
}

function property(name: string): Schema {
  return schema().properties?.[name] ?? {};
}

/** The schema of the values of a map. */
function valueOf({ additionalProperties }: Schema): Schema {
  return typeof additionalProperties === 'object' ? additionalProperties : {};
}

function rowsBelow(above: Schema, path: string, closed: readonly string[] = []): readonly Row[] {
  return Object.entries(above.properties ?? {}).flatMap(([name, value]) => {
    const key = path === '' ? name : `${path}.${name}`;
    const isRequired = above.required?.includes(name) ?? false;
    return [row(key, value, isRequired), ...(closed.includes(name) ? [] : inside(value, key))];
  });
}

/** What lies below a key: its own keys, those of each item of a list, those of each entry of a map. */
function inside(value: Schema, key: string): readonly Row[] {
  const entry = value.items ?? valueOf(value);
  const place = value.items === undefined ? `${key}.NAME` : `${key}[]`;
  return [...rowsBelow(value, key), ...rowsBelow(entry, place)];
}

function row(key: string, value: Schema, isRequired: boolean): Row {
  const [, meaning = '', written] = /^(.*?)(?:; default (.*))?$/s.exec(value.description ?? '') ?? [];
  const standard = value.default === undefined ? written : JSON.stringify(value.default).replaceAll(/^"|"$/g, '');
  return { key, type: typeWords(value), meaning, otherwise: isRequired ? 'required' : code(standard) };
}

function typeWords(value: Schema): string {
  if (value.enum !== undefined) return value.enum.map((word) => `\`${word}\``).join(', ');
  if (value.anyOf !== undefined) return [...new Set(value.anyOf.map((one) => typeWords(one)))].join(' or ');
  if (value.items !== undefined) return `list of ${plural(typeWords(value.items))}`;
  if (value.properties !== undefined) return 'object';
  if (typeof value.additionalProperties === 'object')
    return `names with ${plural(typeWords(value.additionalProperties))}`;
  if (value.type === undefined) return 'any';
  return [value.type].flat().join(' or ');
}

/** `string or object` -> `strings or objects`. */
function plural(words: string): string {
  return words.replaceAll(/\b(string|number|object|integer)\b/g, '$1s');
}

function code(text: string | undefined): string {
  return text === undefined ? '' : `\`${text}\``;
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ key, type, meaning, otherwise }) => {
    const cells = [`\`${key}\``, type, meaning, otherwise].map((cell) => cell.replaceAll('|', String.raw`\|`));
    return `| ${cells.join(' | ')} |`;
  });
  return ['| key | type | meaning | default |', '|---|---|---|---|', ...lines].join('\n');
}
