import { quoted } from '../model/index.ts';
import { HABITS, TOOLS } from './habit-table.ts';
import { GLOBAL_OPTIONS } from './options.ts';
import { commandPath, isValue } from './unparsed.ts';

/** The whole command line as it would be with this tool, or null where nobody could mean anything. */
export function inOurWords(words: readonly string[]): string | null {
  const [tool = '', ...said] = words;
  if (TOOLS.includes(tool)) return inOurWords(said) ?? withoutTool(said);
  // Behind a command of ours, only what is typed together with it means another one.
  const least = commandPath(words).length === 0 ? 1 : 2;
  for (const at of words.keys()) {
    const ours = isValue(words[at - 1]) ? null : oursAt(at, words, least);
    if (ours !== null) return ours;
    if (least > 1 && !words[at]?.startsWith('-') && !isValue(words[at - 1])) return null;
  }
  return null;
}

/** `apt install web`: the words are ours but for the first. */
function withoutTool(said: readonly string[]): string | null {
  const names = commandPath(said).map(({ name }) => name);
  if (names.length === 0) return null;
  return lineOf(
    names.join(' '),
    said.filter((word) => !names.includes(word)),
  );
}

/** Of one to three words from `at`, as many as another tool would understand. */
function oursAt(at: number, words: readonly string[], least: number): string | null {
  for (let many = Math.min(3, words.length - at); many >= least; many -= 1) {
    const typed = words.slice(at, at + many).join(' ');
    for (const [habit, ours] of HABITS) {
      const pattern = new RegExp(`^(?:${habit})$`);
      if (!pattern.test(typed)) continue;
      return lineOf(typed.replace(pattern, ours), [...words.slice(0, at), ...words.slice(at + many)]);
    }
  }
  return null;
}

/** A line that can be pasted: of the rest, what this tool would take. */
function lineOf(begun: string, rest: readonly string[]): string {
  const command = commandPath(begun.split(' ')).at(-1);
  const known = [...(command?.options ?? []), ...GLOBAL_OPTIONS].flatMap(({ flags }) => flags.split(/,? /));
  const isTaken = (word: string, at: number): boolean => {
    if (word.startsWith('-')) return known.includes(word.replace(/=.*$/s, ''));
    if (isValue(rest[at - 1])) return true;
    return command?.args !== undefined && (command.name !== 'rollback' || /^\d+$/.test(word));
  };
  const taken = rest.filter(isTaken);
  const all = /^service (?!status)\w+$/.test(begun) && taken.length === 0 ? ['--all'] : [];
  return ['pkg', begun, ...taken.map(quoted), ...all].join(' ');
}
