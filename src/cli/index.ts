// Words in, one operation, view out. The screen decides nothing: text, JSON lines and the terminal show the same events.
// Imports operations, model and error; parses sizes and durations with system.
export { runCommandLine } from './run-command-line.ts';
export type { Surroundings } from './surroundings.ts';
