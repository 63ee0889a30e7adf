import type { Readable, Writable } from 'node:stream';
import { harmless } from './harmless.ts';

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
  streams.output.write(`${streams.output.isTTY === true ? harmless(line) : line}\n`);
}

/** One line of talk. */
export function say(streams: Streams, line: string): void {
  streams.talk.write(`${streams.talk.isTTY === true ? harmless(line) : line}\n`);
}

/** One document or line of `--json`. */
export function printJson(streams: Streams, document: object): void {
  streams.output.write(`${JSON.stringify({ formatVersion: '1', ...document })}\n`);
}
