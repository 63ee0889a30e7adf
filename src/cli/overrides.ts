import type { Overrides } from '../model/index.ts';
import type { Options } from './command.ts';
import { choiceOption, listOption } from './options.ts';

/** The narrow overrides given on the command line. */
export function overridesOf(options: Options): Overrides {
  return {
    lower: options['force'] === true,
    ignoreDepends: listOption(options, 'ignoreDepends'),
    skipChecks: listOption(options, 'skipCheck'),
    acceptDrift: options['acceptDrift'] === true,
    acceptDataLoss: listOption(options, 'acceptDataLoss'),
  };
}

/** Which side wins where the operator and the bundle changed the same lines of a configuration file. */
export function configPolicy(options: Options): 'keep' | 'new' {
  return choiceOption(options, 'config', ['keep', 'new'] as const) ?? 'keep';
}
