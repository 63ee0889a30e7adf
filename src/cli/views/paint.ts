import type { Writable } from 'node:stream';
import { styleText } from 'node:util';

export type Color = 'auto' | 'always' | 'never';

export type Paint = ReturnType<typeof paint>;

/** Colours for `stream`: `auto` asks the stream and NO_COLOR, FORCE_COLOR, TERM. */
export function paint(stream: Writable, color: Color) {
  const style = (name: Parameters<typeof styleText>[0]) => (text: string) => {
    if (color === 'never') return text;
    return styleText(name, text, color === 'always' ? { validateStream: false } : { stream });
  };
  return {
    red: style('red'),
    green: style('green'),
    yellow: style('yellow'),
    cyan: style('cyan'),
    dim: style('dim'),
    bold: style('bold'),
  };
}
