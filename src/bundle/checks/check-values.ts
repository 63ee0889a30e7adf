import { readFileSync, statSync } from 'node:fs';
import type { JSONPath } from 'jsonc-parser';
import {
  dependencyOf,
  type Manifest,
  nearestWord,
  settingOf,
  unknownValues,
  VALUE_NAMES,
  type ValueForm,
  valuesIn,
} from '../../model/index.ts';
import type { SourceEntry } from '../folder/collect-files.ts';
import type { Problem } from '../manifest/manifest-source.ts';

/** Words that are shown to everybody on the machine by `ps`. */
const ARGV = new Set(['start', 'status', 'command', 'run', 'check', 'prepare', 'backup', 'migrate', 'undo']);

const PARTS = ['env', 'checks', 'services', 'upgrade'] as const;

/** Values that do not exist or are not declared, and secrets where everybody could read them. */
export function checkValues(manifest: Manifest, byPath: ReadonlyMap<string, SourceEntry>): readonly Problem[] {
  const texts = PARTS.flatMap((part) => textsBelow(manifest[part], [part]));
  return [
    ...texts.flatMap(({ text, path }) => [
      ...valueProblems(manifest, text, 'manifest').map((problem) => ({ ...problem, path, at: 'value' as const })),
      ...secretProblems(manifest, text, path),
    ]),
    ...templateProblems(manifest, byPath),
  ];
}

type Text = { readonly text: string; readonly path: JSONPath };

function textsBelow(value: unknown, path: JSONPath): readonly Text[] {
  if (typeof value === 'string') return [{ text: value, path }];
  if (value === null || typeof value !== 'object') return [];
  const children = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return children.flatMap(([key, child]) => textsBelow(child, [...path, key]));
}

function valueProblems(
  manifest: Manifest,
  text: string,
  form: ValueForm,
): readonly { message: string; hint?: string }[] {
  const unknown = unknownValues(text, form).map((name) => {
    const near = nearestWord(name, Object.keys(VALUE_NAMES));
    const hint = near === null ? `there are ${Object.keys(VALUE_NAMES).join(', ')}` : `did you mean '${near}'?`;
    return { message: `there is no value '${name}'`, hint };
  });
  const undeclared = valuesIn(text, form).flatMap((name) => undeclaredValue(manifest, name));
  return [...unknown, ...undeclared];
}

function undeclaredValue(manifest: Manifest, name: string): readonly { message: string; hint?: string }[] {
  const [setting, dependency] = [settingOf(name), dependencyOf(name)];
  const settings = Object.keys(manifest.settings ?? {});
  if (setting !== null && setting !== '' && !settings.includes(setting)) {
    const near = nearestWord(setting, settings);
    const hint = near === null ? 'declare it in "settings"' : `did you mean 'setting.${near}'?`;
    return [{ message: `there is no setting '${setting}'`, hint }];
  }
  if (dependency === null || dependency === '' || Object.hasOwn(manifest.depends ?? {}, dependency)) return [];
  return [{ message: `'${dependency}' is not a dependency of this bundle`, hint: 'declare it in "depends"' }];
}

function secretProblems(manifest: Manifest, text: string, path: JSONPath): readonly Problem[] {
  if (path[0] === 'env' || !path.some((part) => ARGV.has(String(part)))) return [];
  return valuesIn(text).flatMap((name) => {
    const setting = settingOf(name);
    if (setting === null || manifest.settings?.[setting]?.secret !== true) return [];
    const message = `the secret '${setting}' would be shown to everybody on the machine: it stands in a command`;
    return [{ path, at: 'value' as const, message, hint: 'give it in "env", or in a template of "config"' }];
  });
}

const MOST_TEMPLATE = 4 * 1024 * 1024;

function templateProblems(manifest: Manifest, byPath: ReadonlyMap<string, SourceEntry>): readonly Problem[] {
  return (manifest.config ?? []).flatMap((config, at) => {
    const entry = byPath.get(config.path);
    if (config.template !== true || entry?.type !== 'file' || statSync(entry.file).size > MOST_TEMPLATE) return [];
    const text = readFileSync(entry.file, 'utf8');
    return valueProblems(manifest, text, 'template').map(({ message, hint }) => ({
      path: ['config', at, 'path'],
      at: 'value' as const,
      message: `${message} (in ${config.path})`,
      ...(hint === undefined ? {} : { hint }),
    }));
  });
}
