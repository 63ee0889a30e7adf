import fs from 'node:fs';
import path from 'node:path';
import { PkgError } from '../error.ts';
import { syncFolder } from '../system/index.ts';
import { type Entry, formatRecord } from './journal-record.ts';
import { journalFile, readRecords } from './read-journal.ts';

// Room for the records of an undo on a disk that is full by then. Spaces, so that grep and jq still read the file.
const RESERVE = Buffer.alloc(1 << 20, ' ');

/** The journal of one transaction, open for writing. */
export class JournalWriter {
  readonly #file: string;
  readonly #descriptor: number;
  #end: number;
  #isBroken = false;

  private constructor(file: string, descriptor: number, end: number) {
    this.#file = file;
    this.#descriptor = descriptor;
    this.#end = end;
  }

  /** A new journal with its first record, on disk when this returns. */
  static begin(folder: string, entry: Extract<Entry, { record: 'BEGIN' }>): JournalWriter {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = journalFile(folder);
    const journal = new JournalWriter(file, fs.openSync(file, 'wx', 0o600), 0);
    try {
      journal.#reserve(Buffer.byteLength(JSON.stringify(entry)));
      journal.append(entry, 'sync');
      syncFolder(folder);
      syncFolder(path.dirname(folder));
    } catch (error) {
      journal.close();
      fs.rmSync(file, { force: true });
      throw error;
    }
    return journal;
  }

  /** Goes on with the journal of an interrupted transaction, after its last record that verifies. */
  static reopen(folder: string): JournalWriter {
    const file = journalFile(folder);
    return new JournalWriter(file, fs.openSync(file, 'r+'), readRecords(file).end);
  }

  /** Adds a record; with `sync` it is on disk when this returns. */
  append(entry: Entry, durability: 'sync' | 'later'): void {
    this.#refuseBroken();
    const line = Buffer.from(formatRecord({ ...entry, at: new Date().toISOString() }));
    try {
      writeAt(this.#descriptor, line, this.#end);
      if (durability === 'sync') this.#sync();
    } catch (error) {
      this.#blank(line.length);
      throw this.#unwritten(error);
    }
    this.#end += line.length;
  }

  /** Every record so far is on disk when this returns. */
  flush(): void {
    this.#refuseBroken();
    try {
      this.#sync();
    } catch (error) {
      throw this.#unwritten(error);
    }
  }

  /** The last record: nothing is left to do. Gives the reserve back. */
  end(outcome: 'committed' | 'undone'): void {
    this.append({ record: 'END', outcome, finishedAt: new Date().toISOString() }, 'sync');
    fs.ftruncateSync(this.#descriptor, this.#end);
  }

  /** Closes a journal whose transaction is over or goes on another day. */
  close(): void {
    fs.closeSync(this.#descriptor);
  }

  #reserve(extra: number): void {
    for (let at = 0; at < RESERVE.length + 2 * extra; at += RESERVE.length) writeAt(this.#descriptor, RESERVE, at);
  }

  #refuseBroken(): void {
    if (this.#isBroken) throw new PkgError('system-failed', `cannot write ${this.#file} after an earlier disk error`);
  }

  #unwritten(cause: unknown): PkgError {
    return new PkgError('system-failed', `cannot write ${this.#file}: ${(cause as Error).message}`, { cause });
  }

  #sync(): void {
    try {
      fs.fsyncSync(this.#descriptor);
    } catch (error) {
      // The kernel now calls the lost pages clean; a second fsync would lie.
      this.#isBroken = true;
      throw error;
    }
  }

  /** A record that was reported as not written must not be found later: above all no COMMIT. */
  #blank(length: number): void {
    try {
      writeAt(this.#descriptor, Buffer.alloc(length, ' '), this.#end);
    } catch {
      this.#isBroken = true;
    }
  }
}

function writeAt(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let written = 0; written < bytes.length; ) {
    written += fs.writeSync(descriptor, bytes, written, bytes.length - written, position + written);
  }
}
