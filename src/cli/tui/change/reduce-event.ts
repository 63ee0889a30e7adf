import type { Event } from '../../../model/index.ts';
import { visible } from '../../harmless.ts';
import { configLines } from '../../views/config-lines.ts';
import type { State, Told } from './state.ts';

/** How many lines of a step's output stay on the screen; all of them are in its log. */
const TAIL = 4;

/** The screen after one event of the change: nothing is added that the event does not say. */
export function reduceEvent(state: State, event: Event): State {
  switch (event.event) {
    case 'plan':
      return { ...state, plan: event.plan };
    case 'staging':
      return reduceStaging(state, event);
    case 'progress':
      return reduceProgress(state, event);
    case 'step':
      return reduceStep(state, event);
    case 'output':
      return print(state, event.line);
    case 'probe':
      return print(state, `${event.bundle}/${event.service}: ${event.message}`);
    case 'config':
      return configLines(event).reduce((told, text) => add(told, { kind: 'text', tone: 'note', text }), state);
    case 'warning':
    case 'note':
      return add(state, { kind: 'text', tone: event.event, text: event.message });
    case 'error':
      return reduceError(state, event);
    case 'result':
      return { ...ended(state), result: event, scroll: 0 };
    default:
      return event satisfies never;
  }
}

function reduceStaging(state: State, { name, version }: Extract<Event, { event: 'staging' }>): State {
  const nothing = { bytes: 0, of: 0, files: 0, ofFiles: 0 };
  return add(state, { kind: 'staging', name, version, ...nothing, since: state.now, until: null });
}

function reduceProgress(
  state: State,
  { name, bytes, of, files, ofFiles }: Extract<Event, { event: 'progress' }>,
): State {
  return change(state, (told) =>
    told.kind === 'staging' && told.name === name ? { ...told, bytes, of, files, ofFiles } : null,
  );
}

function reduceStep(state: State, event: Extract<Event, { event: 'step' }>): State {
  const { n, of, phase, summary } = event;
  if (event.state === 'doing' || event.state === 'undoing') {
    const step = { kind: 'step', n, of, phase, summary, state: event.state, output: [] } as const;
    return add(state, { ...step, since: state.now, until: null });
  }
  return change(state, (told) =>
    told.kind === 'step' && told.n === n && told.until === null
      ? { ...told, state: event.state, until: state.now }
      : null,
  );
}

function reduceError(state: State, { code, message, hint }: Extract<Event, { event: 'error' }>): State {
  const told = add(state, { kind: 'text', tone: 'error', text: `error[${code}]: ${message}` });
  return hint === undefined ? told : add(told, { kind: 'text', tone: 'hint', text: hint });
}

/** Below the step that is going on; a line that nobody can be named for has no place. */
function print(state: State, line: string): State {
  return change(state, (told) =>
    told.kind === 'step' && told.until === null
      ? { ...told, output: [...told.output, visible(line)].slice(-TAIL) }
      : null,
  );
}

/** What comes next says that the archive before it is unpacked. */
function add(state: State, told: Told): State {
  const before = told.kind === 'text' ? state : ended(state);
  return { ...before, told: [...before.told, told] };
}

function ended(state: State): State {
  return change(state, (told) =>
    told.kind === 'staging' && told.until === null ? { ...told, until: state.now } : null,
  );
}

/** The last one for which `how` has an answer takes it. */
function change(state: State, how: (told: Told) => Told | null): State {
  const at = state.told.findLastIndex((told) => how(told) !== null);
  const told = state.told[at];
  const changed = told === undefined ? null : how(told);
  return changed === null ? state : { ...state, told: state.told.with(at, changed) };
}
