import { bytesInWords, type Change, type Plan, SECRET, type Step, type UpgradeClass } from '../../model/index.ts';
import { dangersOf } from '../dangers.ts';
import type { Paint } from './paint.ts';

/** In the order of danger: what goes away stands last, nearest to the question. */
const SECTIONS = [
  { title: 'Installing', directions: ['add'], counted: 'installed' },
  { title: 'Upgrading', directions: ['up'], counted: 'upgraded' },
  { title: 'Rebuilding', directions: ['rebuild'], counted: 'rebuilt' },
  { title: 'Downgrading', directions: ['down'], counted: 'downgraded' },
  { title: 'REMOVING', directions: ['remove'], counted: 'REMOVED' },
] as const;

/** What a class means for those who use the services. */
export const CLASS_WORDS: Readonly<Record<UpgradeClass, string>> = {
  none: 'no running service is touched',
  hot: 'hot: the running services change in place',
  reload: 'reload: the running services read their files again',
  replace: 'replace: new instances take over from the old ones',
  restart: 'restart: services are away for a moment',
  'stop-migrate-start': 'stop: services are down while data is migrated',
  'through-base': 'through nothing: the old is removed, the new installed',
};

/** The plan as people read it: changes in sections, the steps when asked for, what to know before a yes. */
export function planLines(plan: Plan, verbose: boolean, ink: Paint): readonly string[] {
  const from = plan.from === null ? 'an empty root' : `generation ${plan.from}`;
  const width = Math.max(0, ...plan.changes.map(({ name }) => name.length));
  return [
    ink.bold(`${from} -> generation ${plan.to}`),
    ...(verbose ? plan.steps.map((step, index) => stepLine(step, index, plan)) : serviceLines(plan)),
    ...SECTIONS.flatMap(({ title, directions }) => {
      const changes = changesOf(plan, directions);
      if (changes.length === 0) return [];
      const colour = title === 'REMOVING' ? ink.red : (text: string) => text;
      return [colour(`${title}:`), ...changes.map((change) => colour(changeLine(change, width, ink)))];
    }),
    ...settingLines(plan),
    ...plan.notes.map((note) => `  ${ink.dim('note:')} ${note}`),
    ...summaryLines(plan, ink),
  ];
}

function changesOf({ changes }: Plan, directions: readonly Change['direction'][]): readonly Change[] {
  return changes.filter(({ direction }) => directions.includes(direction));
}

/** The settings that change; secrets as stars. */
export function settingLines({ settings }: Plan): readonly string[] {
  const changes = settings?.changes ?? [];
  if (changes.length === 0) return [];
  return [
    'Settings:',
    ...changes.map(({ bundle, key, from, to, secret }) => {
      const value = secret ? SECRET : from === null ? String(to) : `${from} -> ${to ?? 'no value'}`;
      return `  ${bundle}.${key}  ${value}`;
    }),
  ];
}

function changeLine({ name, from, to, class: disturbs }: Change, width: number, ink: Paint): string {
  const versions = from === null ? to : to === null ? from : `${from} -> ${to}`;
  return `  ${name.padEnd(width)}  ${versions}${disturbs === 'none' ? '' : `  ${ink.dim(disturbs)}`}`;
}

/** What happens to services is worth a line also for those who do not want every step. */
function serviceLines({ steps }: Plan): readonly string[] {
  const shown: readonly Step['kind'][] = [
    'stop-service',
    'start-service',
    'restart-service',
    'reload-service',
    'replace-service',
    'preview-service',
    'control-service',
    'run-program',
  ];
  return steps.filter(({ kind }) => shown.includes(kind)).map(({ summary }) => `  ${summary}`);
}

/** What to know before a yes: the class, the interruption, the way back. */
export function summaryLines(plan: Plan, ink: Paint): readonly string[] {
  const { wayBack, interruption } = plan;
  const touches = plan.class !== 'none' || wayBack.class !== 'none';
  // A removal has no class; still, what it stops was running.
  const isCalm = !touches && !plan.steps.some(({ kind }) => kind === 'stop-service');
  const away = interruption === 0 ? 'no interruption' : `a service is away for about ${seconds(interruption)}`;
  const counts = SECTIONS.flatMap(({ directions, counted }) => {
    const number = changesOf(plan, directions).length;
    return number === 0 ? [] : [`${number} ${counted}`];
  });
  return [
    ...(counts.length === 0 ? [] : [`  ${ink.bold(counts.join(', '))}${isCalm ? `; ${CLASS_WORDS.none}` : ''}`]),
    ...(touches ? [`  ${ink.bold(CLASS_WORDS[plan.class])}; ${away}`] : []),
    ...(touches ? [`  the way back: ${CLASS_WORDS[wayBack.class]}`] : []),
    ...roomLines(plan),
    ...dangersOf(plan).map((danger) => ink.red(`  ${danger}`)),
  ];
}

/** What is kept already takes nothing. */
function roomLines({ room }: Plan): readonly string[] {
  if (room === undefined || room.inodes === 0) return [];
  const { bytes, inodes, free } = room;
  const files = inodes === 1 ? '1 file' : `${inodes} files`;
  return [`  on disk: about ${bytesInWords(bytes)} more in ${files}; ${bytesInWords(free)} are free`];
}

function seconds(milliseconds: number): string {
  return milliseconds < 1_000 ? `${milliseconds} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
}

function stepLine(step: Step, index: number, plan: Plan): string {
  const number = String(index + 1).padStart(String(plan.steps.length).length);
  const hop = step.hop === undefined ? '' : ` (hop ${step.hop + 1})`;
  return `    ${number}. ${step.phase}${hop}: ${step.summary} (undo: ${step.undo})`;
}
