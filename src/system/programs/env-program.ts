/** Signs with which `env -S` quotes, escapes, comments and puts variables in. */
const SPECIAL = /["'\\$#]/;
/** `-S`, after which the words go on, also without a space. */
const SPLIT = /^(-[i0v]*S|--s[-a-z]*(=|$))/;
/** `-u NAME`, `-C FOLDER`, `-a NAME`: the value is the next word. */
const WITH_NEXT = /^(-[i0v]*[uCa]|--[uca][-a-z0]*)$/;
const ALONE = /^(-[i0v]*|-[i0v]*[uCa].+|--[uca][-a-z0]*=.*|--[indbl][-a-z]*(=.*)?|--)$/;

/** The command that `#!/usr/bin/env …` looks for in PATH; null where that is not certain. */
export function envProgram(words: readonly string[]): string | null {
  const [word, ...more] = words;
  if (word === undefined || SPECIAL.test(word) || word.startsWith('PATH=')) return null;
  if (word === '') return envProgram(more);
  if (SPLIT.test(word)) return envProgram([word.replace(SPLIT, ''), ...more]);
  if (WITH_NEXT.test(word)) return envProgram(more.slice(1));
  if (ALONE.test(word) || (!word.startsWith('-') && word.includes('='))) return envProgram(more);
  return word.startsWith('-') ? null : word;
}
