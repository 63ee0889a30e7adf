import { bundleTitle, type Cause, nearestWord } from '../../model/index.ts';
import type { Check } from '../checks/check.ts';
import type { Proposal } from '../proposal.ts';
import { refuse } from '../target.ts';

/** Refuses invalid answers, secrets typed on the command line, and required settings without an answer. */
export const checkSettings: Check = (proposal) => {
  const typed = typedSecrets(proposal);
  if (typed.length > 0) {
    return refuse('setting-invalid', typed, 'put it into a file: --settings FILE, or be asked for it on a terminal');
  }
  const invalid = [...strangers(proposal), ...impossible(proposal)];
  if (invalid.length > 0) return refuse('setting-invalid', invalid, 'pkg settings list shows what can be set');
  const missing = missingSettings(proposal);
  return missing.length === 0 ? null : refuse('setting-missing', missing, howToGive(proposal));
};

/** `ps` shows command lines to everybody on the machine. */
function typedSecrets({ request, settled }: Proposal): readonly Cause[] {
  return settled.flatMap(({ member }) =>
    Object.entries(member.manifest.settings ?? {})
      .filter(([key, setting]) => setting.secret === true && request.typed.includes(`${member.id.name}.${key}`))
      .map(([key]) => ({ message: `${member.id.name}.${key} is a secret, and a command line can be read by others` })),
  );
}

/** Answers for bundles that would not be installed, or that have no settings. */
function strangers({ request, members, settled }: Proposal): readonly Cause[] {
  const names = settled.map(({ member }) => member.id.name);
  return Object.keys(request.settings)
    .filter((name) => !names.includes(name))
    .map((name) => {
      if (members.some((member) => member.id.name === name)) return { message: `${name} has no settings` };
      const near = nearestWord(name, names);
      const meant = near === null ? '' : `; did you mean ${near}?`;
      return { message: `cannot set anything of ${name}: it would not be installed${meant}` };
    });
}

function impossible({ settled }: Proposal): readonly Cause[] {
  return settled.flatMap(({ member, resolved }) =>
    resolved.invalid.map(({ key, why }) => {
      const declared = Object.keys(member.manifest.settings ?? {});
      const near = declared.includes(key) ? null : nearestWord(key, declared);
      const meant = near === null ? '' : `; did you mean ${near}?`;
      return { message: `setting ${member.id.name}.${key} of ${bundleTitle(member.id)} ${why}${meant}` };
    }),
  );
}

function missingSettings({ settled }: Proposal): readonly Cause[] {
  return settled.flatMap(({ member, resolved }) =>
    resolved.missing.map((key) => {
      const prompt = member.manifest.settings?.[key]?.prompt;
      const asks = prompt === undefined ? '' : ` (${prompt})`;
      return { message: `setting ${member.id.name}.${key} of ${bundleTitle(member.id)} has no value${asks}` };
    }),
  );
}

function howToGive({ settled }: Proposal): string {
  const first = settled.find(({ resolved }) => resolved.missing.length > 0);
  const key = first?.resolved.missing[0] ?? 'KEY';
  const name = first?.member.id.name ?? 'NAME';
  const isSecret = first?.member.manifest.settings?.[key]?.secret === true;
  return isSecret
    ? `put it into a file: --settings FILE with {"${name}": {"${key}": …}}`
    : `answer in advance: --set ${name}.${key}=VALUE`;
}
