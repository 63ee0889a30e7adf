import type { Result } from '../../../model/index.ts';
import { bytesInWords } from '../../../model/index.ts';
import type { Paint } from '../../views/paint.ts';
import { repeatRoot } from '../../repeat-root.ts';
import { nextWords } from '../../views/next-words.ts';
import { trialLine } from '../../views/trial-text.ts';
import type { State, StepState, Told } from '../change/state.ts';

/** Everything that was told of the work until now, the newest last. */
export function workLines(state: State, ink: Paint): readonly string[] {
  return [
    ...toldInParts(state, ink),
    ...(state.interrupts === 0 || state.result !== null ? [] : ['', ink.yellow(interruptedLine(state.interrupts))]),
    ...(state.result === null
      ? []
      : ['', ...resultLines(state.result, ink).map((told) => repeatRoot(told, state.rootWords))]),
  ];
}

/** With a heading where another phase begins, or the undo. */
function toldInParts(state: State, ink: Paint): readonly string[] {
  let last: string | null = null;
  return state.told.flatMap((told) => {
    const title = partOf(told) ?? last;
    const isNew = title !== null && title !== last;
    last = title;
    return [...(isNew ? [title === UNDO ? ink.yellow(title) : ink.dim(title)] : []), ...toldLines(told, state, ink)];
  });
}

const UNDO = '-- undo, backwards';

/** null = it belongs to whatever goes on. */
function partOf(told: Told): string | null {
  if (told.kind === 'text') return null;
  if (told.kind === 'staging') return '-- stage';
  return ['undoing', 'undone', 'undo-failed'].includes(told.state) ? UNDO : `-- ${told.phase}`;
}

function toldLines(told: Told, { now }: State, ink: Paint): readonly string[] {
  switch (told.kind) {
    case 'staging':
      return [stagingLine(told, now)];
    case 'step': {
      const place = ink.dim(`${String(told.n).padStart(String(told.of).length)}/${told.of}`);
      const time = seconds((told.until ?? now) - told.since);
      // What was printed matters while it happens, and where it failed.
      const isShown = told.until === null || told.state === 'failed' || told.state === 'undo-failed';
      return [
        `${place} ${line(told.summary, `${stateWord(told.state, ink)}  ${time}`)}`,
        ...(isShown ? told.output.map((text) => `      ${ink.dim('|')} ${text}`) : []),
      ];
    }
    case 'text':
      return textLines(told, ink);
    default:
      return told satisfies never;
  }
}

const BAR = 10;

function stagingLine(told: Extract<Told, { kind: 'staging' }>, now: number): string {
  const { name, version, bytes, of, files, ofFiles, since, until } = told;
  const time = seconds((until ?? now) - since);
  if (until !== null) {
    const size = of === 0 ? '' : `  ${bytesInWords(of)}, ${ofFiles} ${ofFiles === 1 ? 'file' : 'files'}`;
    return line(`unpacked ${name} ${version}`, `${bar(1, BAR)}${size}  ${time}`);
  }
  const sizes = of === 0 ? '' : `  ${share(bytes, of)}, ${files} of ${ofFiles} files`;
  return line(`unpacking ${name} ${version}`, `${bar(of === 0 ? 0 : bytes / of, BAR)}${sizes}  ${time}`);
}

/** `30.0 of 40.0 MB`, in one row with the files of most bundles. */
function share(bytes: number, of: number): string {
  const [part, whole] = [bytesInWords(bytes), bytesInWords(of)];
  const unit = whole.slice(whole.indexOf(' '));
  return `${part.endsWith(unit) ? part.slice(0, -unit.length) : part} of ${whole}`;
}

function line(title: string, rest: string): string {
  return `${title}  ${rest}`;
}

function textLines({ tone, text }: Extract<Told, { kind: 'text' }>, ink: Paint): readonly string[] {
  const colour = { error: ink.red, warning: ink.yellow, hint: ink.cyan, note: ink.dim }[tone];
  const title = tone === 'warning' || tone === 'hint' ? `${tone}: ` : '';
  return `${title}${text}`.split('\n').map((part) => colour(part));
}

function stateWord(state: StepState, ink: Paint): string {
  switch (state) {
    case 'doing':
      return ink.bold('...');
    case 'done':
      return ink.green('done');
    case 'failed':
      return ink.red('failed');
    case 'undoing':
      return ink.yellow('undoing ...');
    case 'undone':
      return ink.yellow('undone');
    case 'undo-failed':
      return ink.red('could not be undone');
    default:
      return state satisfies never;
  }
}

function interruptedLine(times: number): string {
  return times === 1
    ? 'Ctrl-C: the running step ends, then everything is undone; once more ends the hook that runs'
    : 'Ctrl-C: the hook that runs is ended; everything is being undone';
}

function resultLines(result: Result, ink: Paint): readonly string[] {
  const next = nextWords(result);
  // Each command on a line of its own: so it can be taken from the screen.
  return [resultLine(result, ink), ...(next?.split('; ') ?? []).map((words) => ink.cyan(words))];
}

function resultLine(result: Result, ink: Paint): string {
  const { outcome, generation } = result;
  const where = generation === null ? 'nothing is installed' : `generation ${generation} is live`;
  switch (outcome) {
    case 'trial':
      return trialLine(result, where, ink);
    case 'committed':
      return ink.green(`done: ${where}`);
    case 'undone':
      return ink.yellow(`undone: everything is as before, ${where}`);
    case 'needs-recovery':
      return result.refusal === undefined
        ? ink.red(`not fully undone: ${where}; run: pkg recover`)
        : ink.red(`nothing was changed, ${where}, but the root is damaged`);
    case 'refused':
    case 'nothing-to-do':
      return `nothing was changed, ${where}`;
    default:
      return outcome satisfies never;
  }
}

/** `[#####-----]`, for a part between 0 and 1. */
export function bar(part: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, part)) * width);
  return `[${'#'.repeat(full)}${'-'.repeat(width - full)}]`;
}

function seconds(milliseconds: number): string {
  return `${(Math.max(0, milliseconds) / 1000).toFixed(1)} s`;
}
