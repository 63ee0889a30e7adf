// Do, undo, survive: runs a list of steps noted in a journal, takes them back on failure, and finishes after a crash.
// Knows nothing of bundles: what a step does is the business of its handler.
// Imports only model, error and system.
export type * from './handler.ts';
export type * from './journal-record.ts';
export * from './journal-state.ts';
export * from './read-journal.ts';
export * from './recover-transaction.ts';
export type { OpenOrder } from './reopen-transaction.ts';
export * from './run-transaction.ts';
export { commitTrial, giveUpTrial, publishTrial } from './settle-trial.ts';
export { type Trial, trialLeft } from './trial.ts';
