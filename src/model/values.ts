/** The names that a manifest may use as `${name}` and a template as `{{name}}`, with what each stands for. */
export const VALUE_NAMES = {
  name: 'the name of the bundle',
  version: 'its version',
  root: 'the root folder',
  bundle: 'the store folder of the bundle',
  etc: 'its configuration folder',
  data: 'its data folder',
  port: 'the port of this instance of the service',
  generation: 'the number of the generation',
  generationDir: 'the folder of the generation',
  'setting.NAME': 'a setting of the bundle',
  'bundle:OTHER': 'the store folder of a dependency',
} as const;

/** Where the values stand: `${name}` in a manifest, `{{name}}` in a template. */
export type ValueForm = 'manifest' | 'template';

const FORMS: Readonly<Record<ValueForm, RegExp>> = {
  manifest: /\$\{([^{}]*)\}/g,
  template: /\{\{\s*([^{}]*?)\s*\}\}/g,
};

/** Every value name that `text` uses, in order, each once. */
export function valuesIn(text: string, form: ValueForm = 'manifest'): readonly string[] {
  return [...new Set([...text.matchAll(FORMS[form])].map((match) => match[1] ?? ''))];
}

/** The names in `text` that could never have a value, whatever the bundle declares. */
export function unknownValues(text: string, form: ValueForm = 'manifest'): readonly string[] {
  return valuesIn(text, form).filter((name) => !isValueName(name));
}

/** Fills the values in; names without a value stay as written and are listed in `unknown`. */
export function expandValues(
  text: string,
  values: Readonly<Record<string, string>>,
  form: ValueForm = 'manifest',
): { readonly text: string; readonly unknown: readonly string[] } {
  const unknown = new Set<string>();
  const expanded = text.replace(FORMS[form], (written: string, name: string) => {
    if (Object.hasOwn(values, name)) return values[name] ?? written;
    unknown.add(name);
    return written;
  });
  return { text: expanded, unknown: [...unknown] };
}

/** `setting.port` -> `port`; null for every other name. */
export function settingOf(name: string): string | null {
  return name.startsWith('setting.') ? name.slice('setting.'.length) : null;
}

/** `bundle:redis` -> `redis`; null for every other name. */
export function dependencyOf(name: string): string | null {
  return name.startsWith('bundle:') ? name.slice('bundle:'.length) : null;
}

function isValueName(name: string): boolean {
  if (settingOf(name) !== null) return settingOf(name) !== '';
  if (dependencyOf(name) !== null) return dependencyOf(name) !== '';
  return Object.hasOwn(VALUE_NAMES, name);
}
