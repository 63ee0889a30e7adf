import { PkgError } from '../error.ts';
import { expandValues, settingOf, valuesIn } from '../model/index.ts';

/** What `{{name}}` stands for, and which settings are secret. */
export type TemplateValues = {
  readonly values: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
};

/** Fills a template in. Strict: a name without a value is an error that says where it is. */
export function fillTemplate(
  template: Buffer,
  where: string,
  { values, secrets }: TemplateValues,
): { readonly content: Buffer; readonly isSecret: boolean } {
  const text = decode(template);
  if (text === null) {
    throw new PkgError('config-unusable', `cannot fill in ${where}: a template must be text in UTF-8`, {
      hint: 'build the bundle without "template" for this file',
    });
  }
  const filled = expandValues(text, values, 'template');
  if (filled.unknown.length > 0) {
    throw new PkgError(
      'config-unusable',
      `cannot fill in ${where}: no value for {{${filled.unknown.join('}}, {{')}}}`,
      {
        hint: 'declare the setting or the dependency in the bundle, then build it again',
      },
    );
  }
  const isSecret = valuesIn(text, 'template').some((name) => secrets.includes(settingOf(name) ?? ''));
  return { content: Buffer.from(filled.text), isSecret };
}

function decode(content: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return null;
  }
}
