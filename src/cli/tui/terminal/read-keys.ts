import type { Key } from 'ink';

const CONTROLS: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x03': 'interrupt',
  '\x7f': 'backspace',
  '\b': 'backspace',
};

/** The keys of one event: over a slow line several of them arrive as one text. */
export function readKeys(input: string, key: Key): readonly string[] {
  // Esc and a letter typed behind each other look like Alt and the letter; nothing here is done with Alt.
  if (key.meta && input.length === 1) return ['escape', ...readKeys(input, { ...key, meta: false })];
  const named = nameOf(input, key);
  if (named !== null) return [named];
  return [...input].flatMap((char) => CONTROLS[char] ?? (char < ' ' ? [] : [char]));
}

function nameOf(input: string, key: Key): string | null {
  if (key.ctrl) return input === 'c' ? 'interrupt' : '';
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.pageUp) return 'page-up';
  if (key.pageDown) return 'page-down';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.return) return 'enter';
  if (key.escape) return 'escape';
  if (key.tab) return 'tab';
  return key.backspace || key.delete ? 'backspace' : null;
}
