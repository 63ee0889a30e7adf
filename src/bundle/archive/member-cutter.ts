import { decodeHeader, isZero } from './decode-header.ts';
import { type Kind, MOST_INFLATED } from './member.ts';
import type { MemberWriter } from './member-writer.ts';
import { BLOCK, padding } from './tar-block.ts';

// Small enough that a change of one file lets most others be passed over, large enough that starting anew costs less
// than one part in a hundred.
const MEMBER = 512 * 1024;

/**
 * Cuts a tar into members where entries begin: as many as fit into one, a large file in several of its own. So that
 * every member but the rest of a large file begins with a header.
 */
export class MemberCutter {
  readonly #writer: MemberWriter;
  #buffer: Buffer;
  #used = 0;
  #kind: Kind = 'table';
  #firstRow = 0;
  /** Rows whose headers lie in the buffer. */
  #rows = 0;
  /** Where in the buffer the entry that is being taken begins. */
  #entryAt = 0;
  /** Content and padding of it that is still to come. */
  #missing = 0;
  #isBehindPax = false;
  #isAlone = false;

  constructor(writer: MemberWriter) {
    this.#writer = writer;
    this.#buffer = writer.buffer();
  }

  /** Takes bytes as tar-stream gives them: a header is a piece of its own. They may be used again afterwards. */
  async add(bytes: Buffer): Promise<void> {
    if (this.#missing > 0) this.#missing -= bytes.length;
    else await this.#begin(bytes);
    for (let at = 0; at < bytes.length; ) {
      if (this.#used === MOST_INFLATED) await this.#cut(this.#used, 'rest');
      const taken = bytes.copy(this.#buffer, this.#used, at);
      this.#used += taken;
      at += taken;
    }
  }

  async end(): Promise<void> {
    await this.#cut(this.#used, 'end');
    await this.#writer.end();
  }

  async #begin(header: Buffer): Promise<void> {
    if (!this.#isBehindPax) await this.#beginEntry(isZero(header) ? 'end' : 'entries');
    if (this.#kind === 'end') return;
    const { flag, size } = decodeHeader(header, null);
    this.#missing = size + padding(size);
    this.#isBehindPax = flag === 'x';
    // what a pax header belongs to is known with the header behind it
    if (this.#isBehindPax) return;
    const length = this.#used - this.#entryAt + BLOCK + this.#missing;
    if (this.#entryAt > 0 && this.#entryAt + length > MEMBER) await this.#cut(this.#entryAt, 'entries');
    this.#isAlone = length > MEMBER || this.#kind === 'table';
    this.#rows += this.#kind === 'table' ? 0 : 1;
  }

  async #beginEntry(kind: Kind): Promise<void> {
    if (this.#used > 0 && (this.#isAlone || kind === 'end')) await this.#cut(this.#used, kind);
    this.#entryAt = this.#used;
  }

  /** Gives what was taken up to there away; what is behind begins the next member. */
  async #cut(end: number, next: Kind): Promise<void> {
    const [full, used] = [this.#buffer, this.#used];
    this.#buffer = this.#writer.buffer();
    full.copy(this.#buffer, 0, end, used);
    const [kind, firstRow, rows] = [this.#kind, this.#firstRow, this.#rows];
    this.#used = used - end;
    this.#kind = kind === 'table' && next === 'rest' ? 'table' : next;
    this.#firstRow += rows;
    this.#rows = 0;
    this.#entryAt = 0;
    await this.#writer.add(full, end, { kind, firstRow, rows });
  }
}
