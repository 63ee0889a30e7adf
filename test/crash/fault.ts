import fs from 'node:fs';
import { fileURLToPath } from 'node:url';

const INJECTOR = fileURLToPath(new URL('./injector.mjs', import.meta.url));

/** What shall go wrong in one run of the program (injector.mjs tells more). */
export type Fault = {
  /** Number of the call, from 1. */
  readonly at: number;
  readonly what: string;
  readonly sticky?: boolean;
  readonly below: readonly string[];
  /** Gets one line for each call that changes a file. */
  readonly log: string;
  /** Counts the calls of the C library instead (fail-calls.c); `reads` = those that open a file to read it, too. */
  readonly library?: Library;
};

export type Library = { readonly file: string; readonly reads: boolean };

/** The fault of a point in the root of a place and around it, with an empty log. */
export function faultIn(place: Watched, point: Pick<Fault, 'at' | 'what' | 'sticky'>): Fault {
  const { root, outside, library } = place;
  const log = startFresh(place);
  return { ...point, below: [root, outside], log, ...(library === undefined ? {} : { library }) };
}

/** Nothing goes wrong; what is changed elsewhere is noted. */
export function watched(place: Watched): Fault {
  return faultIn(place, { at: 0, what: '' });
}

type Watched = { readonly root: string; readonly outside: string; readonly log: string; readonly library?: Library };

/** What the program is started with, so that the injector does it. */
export function faultEnvironment(fault: Fault | undefined): Record<string, string> {
  if (fault === undefined) return {};
  const { library } = fault;
  return {
    ...(library === undefined
      ? { NODE_OPTIONS: `--import=${INJECTOR}` }
      : { LD_PRELOAD: library.file, FAULT_READS: library.reads ? '1' : '' }),
    FAULT_AT: String(fault.at),
    FAULT_WHAT: fault.what,
    FAULT_STICKY: fault.sticky === true ? '1' : '',
    FAULT_BELOW: fault.below.join(':'),
    FAULT_LOG: fault.log,
    FAULT_ELSEWHERE: elsewhereOf(fault.log),
  };
}

/** An empty log for the calls of a run. */
export function startFresh({ log }: { readonly log: string }): string {
  for (const file of [log, elsewhereOf(log)]) fs.rmSync(file, { force: true });
  return log;
}

/** The calls that a run with `log` made, in order, as `NAME PATH`. */
export function callsOf(log: string): readonly string[] {
  return fs
    .readFileSync(log, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** Calls that changed what lies neither below the folders nor in TMPDIR; there may be none. */
export function changedElsewhere(log: string): readonly string[] {
  const file = elsewhereOf(log);
  return fs.existsSync(file) ? callsOf(file).map((call) => `changed elsewhere: ${call}`) : [];
}

function elsewhereOf(log: string): string {
  return `${log}.elsewhere`;
}
