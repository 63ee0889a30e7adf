// The nouns: plain readonly data and pure functions over it. Not a place for decisions or actions.
// Imports nothing of ours and nothing of node:.
export * from './announcement.ts';
export * from './bundle.ts';
export * from './bytes-in-words.ts';
export * from './config-change.ts';
export * from './data-losses.ts';
export * from './deletable.ts';
export * from './event.ts';
export * from './expectation.ts';
export * from './facts.ts';
export * from './generation.ts';
export * from './hook-pairs.ts';
export * from './manifest.ts';
export * from './nearest-word.ts';
export * from './plan.ts';
export * from './preview.ts';
export * from './quoted.ts';
export * from './request.ts';
export * from './service.ts';
export * from './settings.ts';
export * from './undo-names.ts';
export * from './upgrade-verbs.ts';
export * from './values.ts';
export * from './version.ts';
export * from './window.ts';
