import { availableParallelism } from 'node:os';
import type { FileEntry } from '../../model/index.ts';
import type { BatchResult, Piece } from './unpack-files.ts';
import { inlineLane, type Lane, threadLane } from './unpack-lane.ts';

type File = Extract<FileEntry, { type: 'file' }>;

const BATCH = 1024 * 1024;
const MOST_PIECES = 512;
/** Batches on the way per lane: enough to keep it busy, few enough to keep memory small. */
const MOST_WAITING = 2;
const SMALL = { bytes: 4 * BATCH, entries: 400 };

/** The first answer that was not `done`. */
export class UnpackFailure extends Error {
  readonly result: Exclude<BatchResult, { kind: 'done' }>;

  constructor(result: Exclude<BatchResult, { kind: 'done' }>) {
    super(result.path);
    this.result = result;
  }
}

/** Collects content into batches and deals them to lanes; a file larger than a batch stays in one lane. */
export class UnpackQueue {
  linked = 0;
  readonly #lanes: readonly Lane[];
  readonly #free: Uint8Array[] = [];
  #failure: UnpackFailure | null = null;
  #wake: () => void = () => {};

  #buffer: Uint8Array | null = null;
  #used = 0;
  #pieces: Piece[] = [];
  #file: { readonly entry: File; readonly twin: string | null } | null = null;
  #lengthHere = 0;
  #isFirst = true;
  /** The lane that has the beginning of the file being taken. */
  #pinned: Lane | null = null;

  constructor(into: string | null, work: { readonly bytes: number; readonly entries: number }) {
    const isSmall = work.bytes < SMALL.bytes && work.entries < SMALL.entries;
    const answer = (result: BatchResult, buffer: Uint8Array): void => this.#answered(result, buffer);
    const count = Math.min(2, availableParallelism());
    this.#lanes = isSmall ? [inlineLane(into, answer)] : Array.from({ length: count }, () => threadLane(into, answer));
  }

  async begin(entry: File, twin: string | null): Promise<void> {
    const isTight = this.#used > 0 && this.#used + entry.size > BATCH && entry.size <= BATCH;
    if (isTight || this.#pieces.length >= MOST_PIECES) await this.#send();
    this.#file = { entry, twin };
    this.#lengthHere = 0;
    this.#isFirst = true;
  }

  async bytes(part: Uint8Array): Promise<void> {
    for (let at = 0; at < part.length; ) {
      if (this.#used === BATCH) await this.#split();
      const taken = part.subarray(at, at + BATCH - this.#used);
      this.#room().set(taken, this.#used);
      this.#used += taken.length;
      this.#lengthHere += taken.length;
      at += taken.length;
    }
  }

  async end(): Promise<void> {
    const isContinued = !this.#isFirst;
    this.#addPiece(true);
    this.#file = null;
    if (!isContinued) return;
    await this.#send();
    this.#pinned = null;
  }

  /** Waits until every batch was answered. */
  async finish(): Promise<void> {
    await this.#send();
    for (const lane of this.#lanes) await this.#until(() => lane.waiting() === 0);
    if (this.#failure !== null) throw this.#failure;
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  #room(): Uint8Array {
    this.#buffer ??= this.#free.pop() ?? new Uint8Array(BATCH);
    return this.#buffer;
  }

  async #split(): Promise<void> {
    this.#addPiece(false);
    this.#isFirst = false;
    this.#lengthHere = 0;
    this.#pinned = await this.#send();
  }

  #addPiece(last: boolean): void {
    if (this.#file === null) return;
    const { entry, twin } = this.#file;
    const { path, mode, size, sha256 } = entry;
    this.#pieces.push({ path, mode, size, sha256, length: this.#lengthHere, first: this.#isFirst, last, twin });
  }

  async #send(): Promise<Lane | null> {
    if (this.#pieces.length === 0) return this.#pinned;
    const lane = this.#pinned ?? this.#idlest();
    await this.#until(() => lane.waiting() < MOST_WAITING);
    if (this.#failure !== null) throw this.#failure;
    lane.give(this.#pieces, this.#room());
    this.#buffer = null;
    this.#used = 0;
    this.#pieces = [];
    return lane;
  }

  #idlest(): Lane {
    const [first, ...others] = this.#lanes;
    if (first === undefined) throw new Error('no lane');
    return others.reduce((best, lane) => (lane.waiting() < best.waiting() ? lane : best), first);
  }

  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo() && this.#failure === null) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #answered(result: BatchResult, buffer: Uint8Array): void {
    if (buffer.length === BATCH) this.#free.push(buffer);
    if (result.kind === 'done') this.linked += result.linked;
    else this.#failure ??= new UnpackFailure(result);
    this.#wake();
  }
}
