import type { JSONPath } from 'jsonc-parser';
import type { z } from 'zod';
import { nearestWord } from '../../model/index.ts';
import { manifestJsonSchema } from './manifest-schema.ts';
import type { Problem } from './manifest-source.ts';

type Issue = z.core.$ZodIssue;

/** What the schema says about a manifest, as problems an author understands. */
export function describeIssue(issue: Issue, above: JSONPath = []): readonly Problem[] {
  const path: JSONPath = [...above, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
  if (isMissing(issue))
    return [{ path: path.slice(0, -1), at: 'value', message: `'${String(path.at(-1))}' is missing` }];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key));
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.find((branch) => branch.every((found) => isInside(found)));
    if (meant !== undefined && meant.length > 0) return meant.flatMap((found) => describeIssue(found, path));
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map((found) => ({ path, at: 'key', message: found.message }));
  }
  const hint = issue.code === 'custom' ? issue.params?.['hint'] : undefined;
  const message =
    issue.code === 'invalid_value' ? `must be one of ${issue.values.map(String).join(', ')}` : issue.message;
  return [{ path, at: 'value', message: plain(message), ...(typeof hint === 'string' ? { hint } : {}) }];
}

// A branch of a union was meant when what it complains about lies deeper than the choice itself.
function isInside(issue: Issue): boolean {
  return issue.path.length > 0 || issue.code === 'unrecognized_keys';
}

// JSON has no other way to say it, whatever was expected there.
function isMissing({ code, input, path }: Issue): boolean {
  return code !== 'custom' && input === undefined && path.length > 0;
}

function unknownKey(path: JSONPath, key: string): Problem {
  const known = keysAt(manifestJsonSchema(), path);
  const near = nearestWord(key, known);
  const hint =
    near === null ? (known.length > 0 ? `known here: ${known.join(', ')}` : null) : `did you mean '${near}'?`;
  return { path: [...path, key], at: 'key', message: `unknown key '${key}'`, ...(hint === null ? {} : { hint }) };
}

/** The keys that the schema knows at a place of the manifest. */
function keysAt(schema: object, path: JSONPath): readonly string[] {
  let places: readonly Schema[] = branches(schema);
  for (const part of path) places = places.flatMap((place) => branches(below(place, part)));
  return places.flatMap((place) => Object.keys(place.properties ?? {}));
}

type Schema = {
  readonly properties?: Readonly<Record<string, object>>;
  readonly additionalProperties?: object | boolean;
  readonly items?: object;
  readonly anyOf?: readonly object[];
};

function below(schema: Schema, part: string | number): object | undefined {
  if (typeof part === 'number') return schema.items;
  const more = schema.additionalProperties;
  return schema.properties?.[part] ?? (typeof more === 'object' ? more : undefined);
}

function branches(schema: object | undefined): readonly Schema[] {
  if (schema === undefined) return [];
  const { anyOf } = schema as Schema;
  return anyOf === undefined ? [schema as Schema] : anyOf.flatMap((branch) => branches(branch));
}

// zod's own words: `Invalid input: expected record, received string`
function plain(text: string): string {
  const message = text.replace(/^Invalid input: /, '').replace(/^expected record/, 'expected object');
  return message.charAt(0).toLowerCase() + message.slice(1);
}
