import { PkgError } from '../../error.ts';
import type { Session } from '../session.ts';
import { timeAhead } from './time-ahead.ts';
import { listMaintenance, type ToldMaintenance } from './list-maintenance.ts';
import { startMaintenance } from './maintenance.ts';
import { planAgain, planOnce } from './planned.ts';
import { tellProxies } from './tell-proxies.ts';

/** What an operator asks for, times as they were typed. */
export type Wished = {
  readonly message: string | null;
  readonly paths: readonly string[];
  readonly until: string | null;
  readonly from: string | null;
  readonly every: string | null;
  readonly lasts: string | null;
  readonly zone: string | null;
};

/** Puts the page up now, or plans when it goes up by itself. */
export async function beginMaintenance(
  word: string | null,
  wished: Wished,
  session: Session,
): Promise<ToldMaintenance> {
  const { until, from, every, message, paths } = wished;
  refuseMixture(wished);
  const now = new Date();
  if (every !== null) {
    const zone = wished.zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
    const window = { cron: every, duration: wished.lasts ?? '', zone };
    const scopes = await planAgain(word, { window, message, paths }, session);
    return tellProxies(scopes, session, () => listMaintenance(session.root));
  }
  if (from !== null) {
    const begins = onTheMinute(timeAhead(from, now));
    const time = { from: begins, until: onTheMinute(timeAhead(until ?? '', new Date(begins))), message, paths };
    const scopes = await planOnce(word, time, session);
    return tellProxies(scopes, session, () => listMaintenance(session.root));
  }
  const wish = { until: until === null ? null : timeAhead(until, now), message, paths };
  return startMaintenance(word, wish, session);
}

function refuseMixture({ from, until, every, lasts, zone }: Wished): void {
  const wrong = (message: string, hint: string): PkgError => new PkgError('usage', message, { hint });
  if (from !== null && until === null) {
    throw wrong('--from needs --until: what begins by itself has to end by itself', '--from 22:00 --until 23:30');
  }
  if (every !== null && (from !== null || until !== null || lasts === null)) {
    throw wrong('--every takes --for, and neither --from nor --until', "--every '0 9 * * sun' --for 2h");
  }
  if (every === null && (lasts !== null || zone !== null)) {
    throw wrong('--for and --zone belong to --every', "--every '0 9 * * sun' --for 2h --zone Europe/Berlin");
  }
}

/** Proxies only compare the minute, so a page may begin a few seconds early. */
function onTheMinute(iso: string): string {
  return `${iso.slice(0, 16)}:00.000Z`;
}
