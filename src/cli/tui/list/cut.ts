import stringWidth from 'string-width';

/** As much of a line as fits into so many columns; `~` says that there is more. */
export function cut(text: string, width: number): string {
  if (isPlain(text)) return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}~` : text;
  let [used, end] = [0, 0];
  for (const { segment, index } of LETTERS.segment(text)) {
    used += stringWidth(segment);
    if (used > width) return `${text.slice(0, end)}~`;
    if (used < width) end = index + segment.length;
  }
  return text;
}

/** As much of the end of a line as fits: that is where one types. */
export function cutBefore(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  const letters = [...LETTERS.segment(text)].map(({ segment }) => segment);
  let [used, begin] = [1, letters.length];
  while (begin > 0 && used + stringWidth(letters[begin - 1] ?? '') <= width) {
    begin -= 1;
    used += stringWidth(letters[begin] ?? '');
  }
  return `~${letters.slice(begin).join('')}`;
}

/** What a reader takes for one letter, though it may be made of several. */
const LETTERS = new Intl.Segmenter();

/** Most lines are, and there may be thousands of them. */
function isPlain(text: string): boolean {
  return /^[ -~]*$/.test(text);
}
