import { PkgError } from '../../error.ts';
import { type Facts, mergeSettings, type Plan, type Settings } from '../../model/index.ts';

/**
 * The settings that a stored plan leads to. The plan contains no secrets: those given when it was made are `given` once
 * more. Nothing else can be given.
 */
export function settingsToApply(plan: Plan, given: Settings, facts: Facts): Settings {
  const { base, changes, secrets } = plan.settings ?? { base: null, changes: [], secrets: [] };
  refuseOthers(given, secrets, plan.command);
  const missing = secrets.filter((name) => valueAt(given, name) === undefined);
  if (missing.length > 0) {
    throw new PkgError('setting-missing', `a plan contains no secrets, and this one needs ${missing.join(', ')}`, {
      hint: 'give the file once more: --settings FILE',
    });
  }
  const shown = changes.flatMap(({ bundle, key, to }) => (to === null ? [] : [{ [bundle]: { [key]: to } }]));
  const before = base === null ? {} : settingsAt(base, plan, facts);
  return [before, ...shown, given].reduce(mergeSettings);
}

/** Where they were lost since the plan was made, defaults must not take their place. */
function settingsAt(number: number, { steps }: Plan, facts: Facts): Settings {
  const generation = facts.generations.find((kept) => kept.generation.number === number)?.generation;
  const settings = facts.settings.get(number);
  const coming = steps.findLast((step) => step.kind === 'write-generation')?.settings ?? {};
  // Also a bundle that comes may take over those of another; if no settings are left, none are needed.
  const isNeeded = [coming, generation?.settings ?? {}].every((names) => Object.keys(names).length > 0);
  if (settings !== undefined || !isNeeded) return settings ?? {};
  throw new PkgError('root-damaged', `the settings of generation ${number} are lost`, {
    hint: 'pkg verify --all --repair',
  });
}

function refuseOthers(given: Settings, secrets: readonly string[], command: string): void {
  const names = Object.entries(given).flatMap(([name, values]) => Object.keys(values).map((key) => `${name}.${key}`));
  const other = names.find((name) => !secrets.includes(name));
  if (other === undefined) return;
  throw new PkgError('setting-invalid', `cannot set ${other}: a stored plan is run as it is`, {
    hint: `make the plan again with it: ${command} --settings FILE`,
  });
}

function valueAt(settings: Settings, name: string) {
  const dot = name.lastIndexOf('.');
  return settings[name.slice(0, dot)]?.[name.slice(dot + 1)];
}
