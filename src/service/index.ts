// One running service: who keeps it, how it is started, stopped and told to reload, and whether it answers.
// Does not know generations, steps or the order of services; whoever calls says what is to run.
// Imports only system, model and error.
export * from './ask-control.ts';
export * from './manager.ts';
export * from './manager-of.ts';
export * from './probe/await-ready.ts';
export * from './probe/probe-once.ts';
export * from './process/listeners-on.ts';
export * from './run-record.ts';
export * from './service-log.ts';
export * from './systemd/recover.ts';
export { takesSocketOver } from './systemd/socket.ts';
export * from './systemd/supersede.ts';
export { serviceUnit } from './systemd/words.ts';
export * from './units/unit-files.ts';
export { keeperOf } from './units/unit-keeper.ts';
export * from './units/unit-of.ts';
export * from './units/unit-place.ts';
export { damageOfUnitFile } from './units/unit-seal.ts';
