/** Whether `text` is the canonical JSON (RFC 8785) of the value parsed from it, without writing it a second time. */
export function isCanonical(value: unknown, text: string): boolean {
  return endOf(value, text, 0) === text.length;
}

/** Where the canonical form of the value ends when it begins at `at`; NaN when something else stands there. */
function endOf(value: unknown, text: string, at: number): number {
  if (Array.isArray(value)) return endOfItems(value, text, at);
  if (value !== null && typeof value === 'object') return endOfMembers(value, text, at);
  if (typeof value === 'string' && !value.isWellFormed()) return Number.NaN;
  return endOfWord(JSON.stringify(value), text, at);
}

function endOfItems(items: readonly unknown[], text: string, from: number): number {
  // the table, which is long: written in one go
  if (items.every(isSortedAndFlat)) return endOfWord(JSON.stringify(items), text, from);
  let at = endOfWord('[', text, from);
  for (const [n, item] of items.entries()) {
    if (n > 0) at = endOfWord(',', text, at);
    at = endOf(item, text, at);
    if (Number.isNaN(at)) return at;
  }
  return endOfWord(']', text, at);
}

function endOfMembers(object: object, text: string, from: number): number {
  let at = endOfWord('{', text, from);
  const members = new Map<string, unknown>(Object.entries(object));
  // the order of RFC 8785 is that of UTF-16 units, which is how JavaScript sorts
  for (const [n, key] of [...members.keys()].toSorted().entries()) {
    if (n > 0) at = endOfWord(',', text, at);
    at = endOfWord(':', text, endOf(key, text, at));
    at = endOf(members.get(key), text, at);
    if (Number.isNaN(at)) return at;
  }
  return endOfWord('}', text, at);
}

function isSortedAndFlat(item: unknown): boolean {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) return false;
  const object = item as Readonly<Record<string, unknown>>;
  let before = '';
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (key <= before || !key.isWellFormed() || typeof value === 'object') return false;
    if (typeof value === 'string' && !value.isWellFormed()) return false;
    before = key;
  }
  return true;
}

function endOfWord(word: string, text: string, at: number): number {
  return text.startsWith(word, at) && !Number.isNaN(at) ? at + word.length : Number.NaN;
}
