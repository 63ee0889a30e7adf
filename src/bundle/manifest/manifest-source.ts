import {
  findNodeAtLocation,
  type JSONPath,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import stringWidth from 'string-width';

/** A mistake in a manifest: where, what, and what to do. */
export type Problem = {
  readonly path: JSONPath;
  /** `key` points at the name of the last part of the path, `value` at what stands there. */
  readonly at: 'key' | 'value';
  readonly message: string;
  readonly hint?: string;
  /** Where it stands, when the path alone cannot tell: the second of two equal keys. */
  readonly offset?: number;
};

/** The text of a manifest with its tree: knows at which line and column everything stands. */
export type ManifestSource = { readonly file: string; readonly text: string; readonly tree: Node | undefined };

/** Reads JSON with comments and trailing commas; `broken` lists what is no JSON at all, as blocks to print. */
export function readSource(
  text: string,
  file: string,
): { readonly source: ManifestSource; readonly broken: readonly string[] } {
  const errors: ParseError[] = [];
  const tree = parseTree(text.replace(/^\uFEFF/, ' '), errors, { allowTrailingComma: true, disallowComments: false });
  const source = { file, text, tree };
  const broken = [
    ...notUnicode(source),
    ...errors.map((error) => block(source, error.offset, { message: syntaxMessage(error) })),
  ];
  return { source, broken };
}

/** `bundle.json:6:5 message`, the line, a caret, the hint. */
export function problemBlock(source: ManifestSource, problem: Problem): string {
  return block(source, offsetOf(source, problem), problem);
}

/** Sorts problems by where they stand, so that they are read from top to bottom. */
export function inOrder(source: ManifestSource, problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => offsetOf(source, a) - offsetOf(source, b));
}

/** Keys that stand twice in one object: JSON would silently take the last. */
export function duplicateKeys(tree: Node | undefined, path: JSONPath = []): readonly Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const [at, child] of (tree?.children ?? []).entries()) {
    if (tree?.type === 'array') problems.push(...duplicateKeys(child, [...path, at]));
    if (tree?.type !== 'object') continue;
    const key = String(child.children?.[0]?.value);
    if (seen.has(key)) {
      problems.push({ path: [...path, key], at: 'key', message: `'${key}' stands twice`, offset: child.offset });
    }
    seen.add(key);
    problems.push(...duplicateKeys(child.children?.[1], [...path, key]));
  }
  return problems;
}

function offsetOf(source: ManifestSource, problem: Problem): number {
  const { tree } = source;
  if (problem.offset !== undefined) return problem.offset;
  if (tree === undefined) return 0;
  // a hook written as a string was made a list, and a missing key has no place: the nearest thing above has
  for (let path = problem.path; ; path = path.slice(0, -1)) {
    const node = path.length === 0 ? tree : findNodeAtLocation(tree, [...path]);
    if (node === undefined && path.length > 0) continue;
    const isKey = problem.at === 'key' && path.length === problem.path.length;
    return (isKey ? node?.parent?.offset : node?.offset) ?? tree.offset;
  }
}

// What was no UTF-8 was read as this sign, and would be packed as it.
function notUnicode(source: ManifestSource): readonly string[] {
  const offset = source.text.indexOf('\uFFFD');
  if (offset < 0) return [];
  return [block(source, offset, { message: 'not UTF-8', hint: 'save the file as UTF-8' })];
}

function block(source: ManifestSource, offset: number, problem: { message: string; hint?: string }): string {
  const before = source.text.slice(0, offset);
  const start = before.lastIndexOf('\n') + 1;
  const line = source.text.slice(start).split(/\r?\n/, 1)[0] ?? '';
  const lineNumber = before.split('\n').length;
  const [left, right] = around(line, offset - start);
  // tabs are kept, and other letters counted, so that the caret stands below its character however wide they are shown
  const indent = left
    .split('\t')
    .map((part) => ' '.repeat(stringWidth(part)))
    .join('\t');
  const lines = [
    `${source.file}:${lineNumber}:${offset - start + 1} ${problem.message}`,
    `    ${left}${right}`,
    `    ${indent}^`,
  ];
  return [...lines, ...(problem.hint === undefined ? [] : [`  ${problem.hint}`])].join('\n');
}

const SHOWN_ON_A_SIDE = 100;

/** A line before and from a place in it; what a program wrote in one line is shown as far as eyes can follow. */
function around(line: string, at: number): readonly [string, string] {
  const from = Math.max(0, at - SHOWN_ON_A_SIDE);
  const to = at + SHOWN_ON_A_SIDE;
  return [`${from > 0 ? '…' : ''}${line.slice(from, at)}`, `${line.slice(at, to)}${to < line.length ? '…' : ''}`];
}

function syntaxMessage(error: ParseError): string {
  const words = printParseErrorCode(error.error)
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return `not JSON: ${words}`;
}
