import type { Plan, ServiceStatus } from '../../src/model/index.ts';
import type { Offer } from '../../src/operations/choose/offers.ts';
import type { Told } from '../../src/operations/look/history.ts';
import { reduceHome } from '../../src/cli/tui/home/reduce.ts';
import { blankHome, type Home, type HomeInput } from '../../src/cli/tui/home/state.ts';
import { PLAN } from './sample.ts';

const SIZE = { columns: 80, rows: 24 };

/** What is installed, kept and given. */
export const OFFERS: readonly Offer[] = [
  offer('mod_perl', '1.26.0', ['1.27.0 mod_perl-1.27.0.tgz', '1.26.0 installed', '1.25.0 kept']),
  offer('old-web', '0.9.0', ['0.9.0 installed']),
  offer('perl', '5.6.0', ['5.8.0 perl-5.8.0.tgz', '5.6.0 installed']),
  offer('search', null, ['2.0.0 kept', '1.0.0 kept']),
  offer('web', '1.0.0', ['2.0.0 web-2.0.0.tgz', '1.0.0 installed']),
];

/** Nothing was changed since it was started. */
const LOADED = { notLoaded: [] };

const SERVICES: readonly ServiceStatus[] = [
  status('mod_perl', 'apache', { state: 'dead', pid: null, runningVersion: null }),
  status('web', 'server', { runningVersion: '0.9.0' }),
  status('web', 'worker', {}),
];

/** Everything that is read about a root. */
export const READ: readonly HomeInput[] = [
  { kind: 'offers', offers: OFFERS, problems: [] },
  { kind: 'services', all: SERVICES },
  {
    kind: 'configuration',
    files: [
      { bundle: 'web', file: 'web.conf', path: '/srv/current/etc/web/web.conf', state: 'edited' },
      { bundle: 'web', file: 'web.conf.pkg-new', path: '/srv/current/etc/web/web.conf.pkg-new', state: 'waiting' },
      { bundle: 'web', file: 'mime.types', path: '/srv/current/etc/web/mime.types', state: 'as-shipped' },
    ],
  },
  {
    kind: 'history',
    read: {
      told: [
        told(4, 'undone', 'pkg install web-2.0.0.tgz'),
        told(3, 'committed', 'pkg install web-1.0.0.tgz'),
        told(2, 'committed', 'pkg install perl-5.6.0.tgz'),
        told(1, 'committed', 'pkg install old-web-0.9.0.tgz'),
      ],
      live: 3,
      kept: [2, 3],
    },
  },
];

/** The whole screen after inputs, with everything read. */
export function homeAfter(...inputs: readonly HomeInput[]): Home {
  return [...READ, ...inputs].reduce(reduceHome, blankHome(SIZE, { tab: 'bundles', live: 3, options: [] }));
}

/** The answer to the choice as it is now. */
export function outlook(home: Home, of: Extract<HomeInput, { kind: 'outlook' }>['outlook']): Home {
  return reduceHome(home, { kind: 'outlook', of: home.bundles, outlook: of });
}

/** Here `perl` is installed already. */
const PERL_TOO: Plan = {
  ...PLAN,
  from: 3,
  to: 5,
  changes: PLAN.changes.map((change) =>
    change.name === 'perl' ? { ...change, from: '5.6.0', direction: 'up' } : change,
  ),
};

/** `web` and `perl` chosen, and the plan of it known. */
export function chosenHome(): Home {
  return outlook(homeAfter(...keysOf('end', ' ')), { kind: 'plan', plan: PERL_TOO, takes: ['perl-5.8.0.tgz'] });
}

/** Keys as inputs. */
export function keysOf(...keys: readonly string[]): readonly HomeInput[] {
  return keys.map((key) => ({ kind: 'key', key }));
}

function offer(name: string, installed: string | null, versions: readonly string[]): Offer {
  return {
    name,
    installed,
    versions: versions.map((text) => {
      const [version = '', place = ''] = text.split(' ');
      if (place === 'installed' || place === 'kept') return { version, place, file: null };
      return { version, place: 'given', file: place };
    }),
  };
}

function status(bundle: string, name: string, more: Partial<ServiceStatus>): ServiceStatus {
  return {
    bundle,
    name,
    state: 'running',
    pid: 4711,
    runningVersion: '1.0.0',
    installedVersion: '1.0.0',
    enabled: true,
    supervised: true,
    port: 8080,
    since: null,
    ...LOADED,
    ...more,
  };
}

function told(id: number, outcome: Told['outcome'], command: string): Told {
  const startedAt = `2026-11-2${id}T12:00:00.000Z`;
  return {
    id,
    command,
    by: 'anna',
    startedAt,
    finishedAt: null,
    from: id === 1 ? null : id - 1,
    to: id,
    outcome,
    overrides: [],
    changes: [],
  };
}
