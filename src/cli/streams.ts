import type { Readable, Writable } from 'node:stream';

/** Where words come from and go to. stdout is data, stderr is talk. */
export type Streams = {
  readonly input: Readable & { readonly isTTY?: boolean };
  readonly output: Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
  readonly talk: Writable & { readonly isTTY?: boolean; readonly columns?: number };
};

/** The last word of a command that would have written. */
export const DRY_RUN = 'dry run: nothing was written';

/** One line of data. */
export function print(streams: Streams, line: string): void {
  streams.output.write(`${harmless(line, streams.output)}\n`);
}

/** One line of talk. */
export function say(streams: Streams, line: string): void {
  streams.talk.write(`${harmless(line, streams.talk)}\n`);
}

/** One document or line of `--json`. */
export function printJson(streams: Streams, document: object): void {
  streams.output.write(`${JSON.stringify({ formatVersion: '1', ...document })}\n`);
}

/** Colours are ours; what else could move a cursor stands in a name or message that somebody else wrote, and is spelled out. */
function harmless(line: string, { isTTY }: { readonly isTTY?: boolean }): string {
  if (isTTY !== true) return line;
  return line.replaceAll(CONTROLS, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

// oxlint-disable-next-line no-control-regex
const CONTROLS = /\u001b(?!\[[0-9;]*m)|(?![\t\n\u001b])\p{Cc}/gu;
