import type { ConfigPolicy, Limits, Overrides } from '../model/index.ts';
import { parseDuration } from '../system/index.ts';
import type { Options } from './command.ts';
import { choiceOption, listOption, textOption } from './options.ts';

/** The narrow overrides given on the command line. */
export function overridesOf(options: Options): Overrides {
  return {
    lower: options['force'] === true,
    ignoreDepends: listOption(options, 'ignoreDepends'),
    skipChecks: listOption(options, 'skipCheck'),
    acceptDrift: options['acceptDrift'] === true,
    acceptDataLoss: listOption(options, 'acceptDataLoss'),
    oneWay: options['oneWay'] === true,
    ignoreWindow: options['ignoreWindow'] === true,
  };
}

/** How far running services may be disturbed. */
export function limitsOf(options: Options): Limits {
  const interruption = textOption(options, 'maxInterruption');
  return {
    maxClass: choiceOption(options, 'maxClass', CLASSES) ?? null,
    maxInterruption: interruption === undefined ? null : parseDuration(interruption),
  };
}

const CLASSES = ['none', 'hot', 'reload', 'replace', 'restart', 'stop-migrate-start'] as const;

/** Which side wins where the operator and the bundle changed the same lines of a configuration file. */
export function configPolicy(options: Options): ConfigPolicy {
  return choiceOption(options, 'config', ['keep', 'new', 'ask'] as const) ?? 'keep';
}
