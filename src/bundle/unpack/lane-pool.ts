import { availableParallelism } from 'node:os';
import { BreachError } from '../archive/breach-error.ts';
import { UnexpectedEntry } from '../archive/read-rows.ts';
import { UnpackFailure } from './unpack-files.ts';
import { type Lane, type LaneData, type Reply, threadLane } from './unpack-lane.ts';
import type { Count, Order, Outcome } from './unpack-section.ts';

/** Sections on the way per lane: enough to keep it busy, few enough to stop soon. */
const MOST_WAITING = 2;

type Failure = Exclude<Outcome, { kind: 'done' }>;

/** Deals sections to threads. */
export class LanePool {
  readonly #lanes: readonly Lane[];
  readonly #failures = new Map<number, Failure>();
  readonly #count: Count;
  #given = 0;
  #linked = 0;
  #wake: () => void = () => {};

  constructor(data: LaneData, count: Count) {
    this.#count = count;
    const answer = (reply: Reply): void => this.#answered(reply);
    const lanes = Math.min(2, availableParallelism());
    this.#lanes = Array.from({ length: lanes }, () => threadLane(data, answer));
  }

  /** Gives a section to the idlest thread, as soon as it has room. */
  async give(order: Order): Promise<void> {
    let lane = this.#idlest();
    for (; lane.waiting() >= MOST_WAITING; lane = this.#idlest()) await this.#answer();
    // the others are waited for, so that the failure told is the first one of the archive
    if (this.#failures.size > 0) await this.finish();
    lane.give(this.#given, order);
    this.#given += 1;
  }

  /** Waits for every section; answers how many files were shared, or throws what went wrong first. */
  async finish(): Promise<number> {
    while (this.#lanes.some((lane) => lane.waiting() > 0)) await this.#answer();
    const [first] = [...this.#failures].toSorted(([a], [b]) => a - b);
    if (first !== undefined) throw errorOf(first[1]);
    return this.#linked;
  }

  async close(): Promise<void> {
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  #idlest(): Lane {
    return this.#lanes.reduce((best, lane) => (lane.waiting() < best.waiting() ? lane : best));
  }

  async #answer(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  #answered({ bytes, files, done }: Reply): void {
    this.#count(bytes, files);
    if (done === null) return;
    if (done.outcome.kind === 'done') this.#linked += done.outcome.linked;
    else this.#failures.set(done.n, done.outcome);
    this.#wake();
  }
}

function errorOf(failure: Failure): Error {
  if (failure.kind === 'unexpected') return new UnexpectedEntry(failure.found, failure.expected);
  if (failure.kind === 'failed') return new UnpackFailure(failure.path, failure.message);
  const { rule, entry, found } = failure.breach;
  return new BreachError(rule, entry, found);
}
