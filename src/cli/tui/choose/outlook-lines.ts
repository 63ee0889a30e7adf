import type { Cause, Plan } from '../../../model/index.ts';
import { summaryLines } from '../../views/plan-text.ts';
import type { Paint } from '../../views/paint.ts';
import type { Room } from '../home/room.ts';
import { wrapLine } from '../terminal/wrap-line.ts';
import { consentFor, isAskedLater } from './reduce.ts';
import type { Choose, Outlook } from './state.ts';

type Refused = Extract<Outlook, { kind: 'refusal' }>;

/** What would come of the choice, in exactly `room` rows: the plan in short, or why it cannot be and what would help. */
export function outlookLines(choose: Choose, { room, columns }: Room, ink: Paint): readonly string[] {
  const lines = outlookWords(choose, ink).flatMap((line) => wrapLine(line, columns));
  const shown =
    lines.length > room
      ? [...lines.slice(0, room - 1), ink.dim(`... and ${lines.length - room + 1} more lines: w shows all`)]
      : lines;
  return [...shown, ...Array<string>(room - shown.length).fill('')];
}

/** All of it. */
export function outlookWords(choose: Choose, ink: Paint): readonly string[] {
  const { remark, outlook, picks } = choose;
  const first = remark === null ? [] : [ink.yellow(remark)];
  if (picks.size === 0) return [...first, ...idleLines(choose, ink)];
  if (outlook === null) return [...first, ink.dim('looking at what this needs ...')];
  if (outlook.kind === 'nothing') return [...first, outlook.because];
  if (outlook.kind === 'refusal') return [...first, ...refusalLines(outlook, ink)];
  return [...first, ...planLines(outlook.plan, choose, ink)];
}

function idleLines({ offers, problems, concerns }: Choose, ink: Paint): readonly string[] {
  const waiting = [...concerns, ...problems.map((problem) => `not offered: ${problem}`)].map((line) =>
    ink.yellow(line),
  );
  if (offers === null || offers.length === 0) return waiting;
  const newer = offers.filter(
    ({ installed, versions }) => installed !== null && versions[0]?.place !== 'installed',
  ).length;
  const count =
    newer === 0
      ? []
      : [`${newer} installed ${newer === 1 ? 'bundle has' : 'bundles have'} a newer version here: u chooses all`];
  return [
    'Nothing is chosen: Space takes the highest version, left and right another one, x takes a bundle out',
    ...count,
    ...waiting,
  ];
}

function refusalLines({ refusal, cure }: Refused, ink: Paint): readonly string[] {
  const { code, message, hint, causes } = refusal;
  if (isAskedLater(code)) return [`${message}: it is asked for when you go on`];
  const asked = { lower: 'f  yes, lower is meant', cascade: 'c  yes, take those out as well' };
  const consent = consentFor(code);
  return [
    ink.red(`This cannot be: ${message}`),
    // Before the reasons, of which there may be more than fit.
    ...(consent === null ? [] : [ink.cyan(asked[consent])]),
    ...(hint === undefined || consent !== null ? [] : [ink.cyan(cureWords(hint, cure !== null))]),
    ...causes
      .flatMap((cause) => (cause.message === message ? (cause.causes ?? []) : [cause]))
      .flatMap((cause) => treeLines(cause, '  ')),
  ];
}

/** What a key can do needs no command line. */
function cureWords(hint: string, isHere: boolean): string {
  return isHere ? `a  yes, ${hint.replace(/: pkg .*$/, '')}` : `it could be: ${hint}`;
}

function treeLines({ message, causes = [] }: Cause, indent: string): readonly string[] {
  return [`${indent}- ${message}`, ...causes.flatMap((cause) => treeLines(cause, `${indent}  `))];
}

function planLines(plan: Plan, { picks }: Choose, ink: Paint): readonly string[] {
  const others = plan.changes.filter(({ name }) => !picks.has(name));
  return [
    ...summaryLines(plan, ink).map((line) => line.trimStart()),
    ...(others.length === 0
      ? []
      : [
          `because of the others also: ${others.map(({ name, to }) => (to === null ? `${name} leaves` : `${name} ${to}`)).join(', ')}`,
        ]),
    ...plan.notes.map((note) => `${ink.dim('note:')} ${note}`),
  ];
}
