// Runs one maintainer script: its own process group, a clean environment, a capped log, a bounded time.
// Does not know which scripts there are, nor when they run, nor what undoes them.
// Imports only system and error.
export * from './clean-environment.ts';
export * from './hook-environment.ts';
export * from './run-hook.ts';
