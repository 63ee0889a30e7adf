import { PkgError } from '../../error.ts';
import { mergeSettings, nearestWord, type Request, type Settings } from '../../model/index.ts';
import { change } from '../change/change.ts';
import { membersOnDisk, readInstalled } from '../facts/installed.ts';
import type { Session } from '../session.ts';
import type { Ended } from '../settled.ts';

/** What is to be set: answers as typed, and keys without one, which are asked for. */
export type SettingsOrder = {
  readonly name: string;
  readonly answers: Readonly<Record<string, string>>;
  readonly asked: readonly string[];
  readonly common: Omit<Extract<Request, { kind: 'settings' }>, 'kind'>;
};

/** New settings are a change like any other: a plan, a question, one transaction, a new generation. */
export async function setSettings(order: SettingsOrder, session: Session): Promise<Ended> {
  const { name, answers, asked, common } = order;
  const answered = asked.length === 0 ? {} : await askFor(name, asked, session);
  const settings = [common.settings, { [name]: answers }, answered].reduce(mergeSettings);
  const typed = [...common.typed, ...Object.keys(answers).map((key) => `${name}.${key}`)];
  const request: Request = { ...common, kind: 'settings', settings: withoutEmpty(settings), typed };
  return change({ files: [], sums: [], request: () => request }, session);
}

async function askFor(name: string, keys: readonly string[], session: Session): Promise<Settings> {
  const members = await membersOnDisk(readInstalled(session.root));
  const declared = members.find(({ id }) => id.name === name)?.manifest.settings ?? {};
  const questions = keys.map((key) => {
    const setting = declared[key];
    if (setting === undefined) throw noSuchSetting(name, key, Object.keys(declared));
    // It was named, so it is asked for in any case.
    const { when: _, ...always } = setting;
    return { bundle: name, key, setting: always, fallback: null, known: {} };
  });
  const answered = await session.askSettings(questions);
  const open = keys.find((key) => answered[name]?.[key] === undefined);
  if (open === undefined) return answered;
  throw new PkgError('setting-missing', `setting ${name}.${open} has no value, and nobody can be asked`, {
    hint: `pkg settings set ${name} ${open}=VALUE; a secret goes into a file: --settings FILE`,
  });
}

function withoutEmpty(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, values]) => Object.keys(values).length > 0));
}

function noSuchSetting(name: string, key: string, declared: readonly string[]): PkgError {
  const near = nearestWord(key, declared);
  return new PkgError('setting-invalid', `setting ${name}.${key} does not exist`, {
    hint: near === null ? 'pkg settings list shows what can be set' : `did you mean ${near}?`,
  });
}
