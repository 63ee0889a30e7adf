import { compareVersions } from '../../../model/index.ts';
import type { Choose, Picked } from './state.ts';

type Choice = Pick<Choose, 'offers' | 'picks' | 'consents' | 'outlook'>;

/** The command line for what was chosen, without `pkg`; null where nothing is. */
export function commandOf(choice: Choice): readonly string[] | null {
  const { picks, consents, outlook } = choice;
  if (picks.size === 0) return null;
  const gone = [...picks].flatMap(([name, pick]) => (pick.kind === 'remove' ? [name] : []));
  const coming = [...picks].flatMap(([name, pick]) => (pick.kind === 'version' ? [wordOf(name, pick)] : []));
  if (coming.length === 0) return ['remove', ...gone, ...(consents.includes('cascade') ? ['--cascade'] : [])];
  const verb = goesDown(choice) ? ['downgrade', ...(consents.includes('lower') ? ['--force'] : [])] : ['install'];
  const besides = outlook?.kind === 'plan' ? outlook.takes : [];
  return [...verb, ...coming, ...besides, ...gone.flatMap((name) => ['--remove', name])];
}

function goesDown({ offers, picks }: Choice): boolean {
  return (offers ?? []).some(({ name, installed }) => {
    const pick = picks.get(name);
    return installed !== null && pick?.kind === 'version' && compareVersions(pick.to.version, installed) < 0;
  });
}

function wordOf(name: string, { to }: Extract<Picked, { kind: 'version' }>): string {
  return to.file ?? `${name}@${to.version}`;
}
