import type { Event, Tell } from '../../model/index.ts';
import { type Streams, say } from '../streams.ts';
import { paint } from './paint.ts';
import { type Look, stepLines, tellText } from './tell-text.ts';

/** How long a log may be silent before it says what takes so long. */
const HEARTBEAT = 30_000;

/** Events as talk for a file that somebody reads later: every step with its time, and a sign of life from long ones. */
export function tellLog(streams: Streams, look: Look): Tell {
  const text = tellText(streams, look);
  const beat = heartbeat((line) => say(streams, stamped(`  ${line}`)));
  return (event) => {
    if (!look.quiet) beat(event);
    if (event.event !== 'step') text(event);
    else if (!look.quiet)
      for (const line of stepLines(event, true, paint(streams.talk, look.color))) say(streams, stamped(line));
  };
}

function heartbeat(tell: (line: string) => void): Tell {
  let timer: NodeJS.Timeout | null = null;
  return (event) => {
    const title = titleOf(event);
    if (title === null) return;
    if (timer !== null) clearInterval(timer);
    timer = title === '' ? null : beating(title, tell);
  };
}

function beating(title: string, tell: (line: string) => void): NodeJS.Timeout {
  const since = Date.now();
  const timer = setInterval(() => tell(`${title}: for ${Math.round((Date.now() - since) / 1_000)} s now`), HEARTBEAT);
  return timer.unref();
}

/** What begins with this event; '' when something ended, null when it changes nothing. */
function titleOf(event: Event): string | null {
  switch (event.event) {
    case 'staging':
      return `unpacking and verifying ${event.name} ${event.version}`;
    case 'step': {
      const title = `[${event.n}/${event.of}] ${event.summary}`;
      if (event.state === 'doing') return title;
      return event.state === 'undoing' ? `undoing ${title}` : '';
    }
    case 'error':
    case 'result':
      return '';
    default:
      return null;
  }
}

/** UTC, to the second: whoever reads it may sit elsewhere. */
function stamped(line: string): string {
  return `${new Date().toISOString().slice(0, -5)}Z${line}`;
}
