import { BreachError } from './breach-error.ts';

/**
 * Reads a stream of chunks in the pieces the format asks for; ending early breaks the rule `truncated`. What was read may
 * be gone after the next read.
 */
export class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #chunk: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** At least one and at most `most` bytes, without copying; null at the end. */
  async some(most: number): Promise<Buffer | null> {
    if (this.#chunk.length === 0 && !(await this.#fill())) return null;
    return this.#take(Math.min(most, this.#chunk.length));
  }

  /** Exactly `length` bytes; `entry` names whose bytes are missing when there are fewer. */
  async exactly(length: number, entry: string | null): Promise<Buffer> {
    if (this.#chunk.length >= length) return this.#take(length);
    const whole = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; ) {
      const part = await this.some(length - at);
      if (part === null) throw new BreachError('truncated', entry);
      at += part.copy(whole, at);
    }
    return whole;
  }

  /** Lets the source close what it holds. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #fill(): Promise<boolean> {
    while (this.#chunk.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      this.#chunk = next.value;
    }
    return true;
  }

  #take(length: number): Buffer {
    const taken = this.#chunk.subarray(0, length);
    this.#chunk = this.#chunk.subarray(length);
    return taken;
  }
}
