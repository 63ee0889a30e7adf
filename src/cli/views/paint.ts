import { styleText } from 'node:util';
import type { Writable } from 'node:stream';

/** Colours that know whether `stream` shows them (NO_COLOR, FORCE_COLOR, no terminal). */
export function paint(stream: Writable) {
  const with_ = (style: Parameters<typeof styleText>[0]) => (text: string) => styleText(style, text, { stream });
  return {
    red: with_('red'),
    green: with_('green'),
    yellow: with_('yellow'),
    cyan: with_('cyan'),
    dim: with_('dim'),
    bold: with_('bold'),
  };
}
