// One running service: who keeps it, how it is started, stopped and told to reload, and whether it answers.
// Does not know generations, steps or the order of services; whoever calls says what is to run.
// Imports only system, model and error.
export * from './ask-control.ts';
export * from './await-ready.ts';
export * from './listeners-on.ts';
export * from './manager-of.ts';
export * from './manager.ts';
export * from './probe-once.ts';
export * from './run-record.ts';
export * from './service-log.ts';
export * from './systemd-recover.ts';
export { takesSocketOver } from './systemd-socket.ts';
export * from './systemd-supersede.ts';
export * from './unit-files.ts';
export { keeperOf } from './unit-keeper.ts';
export * from './unit-of.ts';
export * from './unit-place.ts';
