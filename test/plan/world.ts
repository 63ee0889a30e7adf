import {
  type BundleId,
  type BundleSettings,
  type Decision,
  type Facts,
  type Generation,
  type KnownBundle,
  type Limits,
  type Manifest,
  type NameRange,
  NO_LIMITS,
  NO_OVERRIDES,
  type Overrides,
  type Plan,
  parseServiceName,
  type Refusal,
  type Request,
  type ServiceFact,
  type Settings,
} from '../../src/model/index.ts';
import { decide } from '../../src/plan/index.ts';

/** What is written behind a bundle's title; a hook or link that needs no detail is named only. */
export type Extra = Partial<Omit<Manifest, 'name' | 'version'>>;
type Tail = {
  readonly overrides?: Partial<Overrides>;
  readonly limits?: Partial<Limits>;
  readonly preview?: Request['preview'];
};

/**
 * A machine in words: `world().with('perl 5.6.0').offer('perl 5.8.0').install()`.
 * `with` = installed because asked for, `needed` = installed as a dependency, `keep` = known from before,
 * `offer` = on the command line of this request. Every word gives a new world.
 */
export function world(): World {
  return new World({ ...EMPTY });
}

const EMPTY: Facts = {
  now: '2026-01-02T03:04:05.000Z',
  programVersion: '0.1.0',
  platform: { os: 'linux', cpu: 'x64' },
  current: null,
  generations: [],
  nextGeneration: 1,
  known: new Map(),
  offered: [],
  pins: {},
  protectedNames: [],
  space: { bytes: 10 ** 12, inodes: 10 ** 9 },
  host: new Map(),
  drift: [],
  added: [],
  externalLinks: new Map(),
  root: '/srv/app',
  services: [],
  settings: new Map(),
  listeners: new Map(),
  unusableManagers: new Map(),
  foreignUnits: new Map(),
  dataFormats: new Map(),
  dataStates: new Map(),
  configKept: new Map(),
  dataFolders: new Map(),
  deletable: new Map(),
};

export class World {
  readonly facts: Facts;

  constructor(facts: Facts) {
    this.facts = facts;
  }

  with(title: string, extra: Extra = {}): World {
    return this.#installed(bundle(title, extra, 'store'), true);
  }

  needed(title: string, extra: Extra = {}): World {
    return this.#installed(bundle(title, extra, 'store'), false);
  }

  keep(title: string, extra: Extra = {}): World {
    return this.#know(bundle(title, extra, 'archive'));
  }

  offer(title: string, extra: Extra = {}): World {
    const offered = bundle(title, extra, 'archive');
    return this.#know({ ...offered, file: `${offered.id.name}-${offered.id.version}.tgz` }).fact({
      offered: [...this.facts.offered, offered.id.digest],
    });
  }

  /** `running('web/server', '1.0.0')`: a service of an installed bundle is up. */
  running(title: string, version: string, more: Partial<ServiceFact> = {}): World {
    const up: ServiceFact = {
      name: parseServiceName(title, ''),
      state: 'running',
      pid: 123,
      version,
      port: null,
      generation: 1,
      enabled: true,
      readyAfterMs: null,
      ...more,
    };
    return this.fact({ services: [...this.facts.services, up] });
  }

  fact(facts: Partial<Facts>): World {
    return new World({ ...this.facts, ...facts });
  }

  /** The plan was carried out: what it says is live now, and everything it needed is kept. */
  after(decision: Decision): World {
    const plan = planOf(decision);
    const written = plan.steps.find((step) => step.kind === 'write-generation');
    if (written === undefined) throw new Error('a plan without a generation');
    const { number, parent, restores, createdAt, bundles, config } = written;
    const generation: Generation = {
      formatVersion: '1',
      number,
      parent,
      ...(restores === undefined ? {} : { restores }),
      createdAt,
      bundles,
      config,
    };
    const stored = [...this.facts.known].map(([digest, known]) => {
      const isPlaced = bundles.some((one) => one.digest === digest);
      return [digest, isPlaced ? { ...known, at: 'store' as const } : known] as const;
    });
    return this.fact({
      current: generation,
      generations: [...this.facts.generations, { generation, outcome: 'good' }],
      nextGeneration: number + 1,
      known: new Map(stored),
      offered: [],
    });
  }

  install(tail: Tail & { names?: readonly string[]; remove?: readonly string[] } = {}): Decision {
    const { names = [], remove = [] } = tail;
    return this.#ask({ kind: 'install', digests: this.facts.offered, names: names.map(nameRange), remove }, tail);
  }

  upgrade(...names: readonly string[]): Decision {
    return this.#ask({ kind: 'upgrade', names }, {});
  }

  downgrade(tail: Tail & { names?: readonly string[]; remove?: readonly string[] } = {}): Decision {
    const names = (tail.names ?? []).map(nameRange);
    return this.#ask({ kind: 'downgrade', digests: this.facts.offered, names, remove: tail.remove ?? [] }, tail);
  }

  remove(names: readonly string[], flags: Flags = {}): Decision {
    const { overrides, ...rest } = flags;
    const tail = overrides === undefined ? {} : { overrides };
    return this.#ask(
      { kind: 'remove', names, all: false, cascade: false, unused: false, purge: false, stop: false, ...rest },
      tail,
    );
  }

  autoremove(): Decision {
    return this.#ask({ kind: 'autoremove', purge: false, stop: false }, {});
  }

  rollback(generation: number | null = null, tail: Tail & { exact?: boolean } = {}): Decision {
    return this.#ask({ kind: 'rollback', generation, exact: tail.exact ?? false }, tail);
  }

  /** `pkg settings set NAME KEY=VALUE…` */
  settings(name: string, answers: BundleSettings): Decision {
    return this.#ask({ kind: 'settings' }, {}, { [name]: answers });
  }

  #ask(asked: Asked, { overrides, limits, preview }: Tail, settings: Settings = {}): Decision {
    const common = {
      command: `pkg ${asked.kind}`,
      overrides: { ...NO_OVERRIDES, ...overrides },
      config: 'keep',
      limits: { ...NO_LIMITS, ...limits },
      settings,
      typed: [],
      ...(preview === undefined ? {} : { preview }),
    } as const;
    return decide({ ...common, ...asked }, this.facts);
  }

  #know(known: KnownBundle): World {
    return this.fact({ known: new Map([...this.facts.known, [known.id.digest, known]]) });
  }

  #installed(known: KnownBundle, explicit: boolean): World {
    const old = this.facts.current ?? first();
    const config = (known.manifest.config ?? []).length > 0 ? { [known.id.name]: '1' } : {};
    const bundles = [...old.bundles, { ...known.id, explicit }].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const current = { ...old, bundles, config: { ...old.config, ...config } };
    return this.#know(known).fact({
      current,
      generations: [{ generation: current, outcome: 'good' }],
      nextGeneration: 2,
    });
  }
}

type WithoutCommon<R> = R extends Request
  ? Omit<R, 'command' | 'overrides' | 'config' | 'limits' | 'settings' | 'typed'>
  : never;
type Asked = WithoutCommon<Request>;
type Flags = {
  all?: boolean;
  cascade?: boolean;
  unused?: boolean;
  purge?: boolean;
  stop?: boolean;
  overrides?: Partial<Overrides>;
};

function first(): Generation {
  return { formatVersion: '1', number: 1, parent: null, createdAt: EMPTY.now, bundles: [], config: {} };
}

/** `perl 5.8.0`, or `perl 5.8.0 again` for other bytes of the same version. */
export function bundle(title: string, extra: Extra, at: KnownBundle['at']): KnownBundle {
  const [name = '', version = ''] = title.split(' ');
  const id: BundleId = { name, version, digest: `sha256:${Buffer.from(title).toString('hex').padEnd(64, '0')}` };
  return {
    id,
    manifest: { name, version, ...extra },
    size: 1000,
    entries: 10,
    at,
    file: at === 'store' ? null : `/srv/app/archives/${name}.tgz`,
  };
}

function nameRange(word: string): NameRange {
  const at = word.indexOf('@');
  return at < 0 ? { name: word, range: null } : { name: word.slice(0, at), range: word.slice(at + 1) };
}

export function planOf(decision: Decision): Plan {
  if (decision.kind !== 'plan') throw new Error(`not a plan: ${JSON.stringify(decision)}`);
  return decision.plan;
}

export function refusalOf(decision: Decision): Refusal {
  if (decision.kind !== 'refusal') throw new Error(`not a refusal: ${JSON.stringify(decision)}`);
  return decision.refusal;
}

/** `perl 5.6.0 -> 5.8.0`, `+ web 1.0.0`, `- old 1.0.0`, `perl 5.8.0 again`. */
export function changes(decision: Decision): readonly string[] {
  return planOf(decision).changes.map(({ name, from, to, direction }) => {
    if (from === null) return `+ ${name} ${to}`;
    if (to === null) return `- ${name} ${from}`;
    return direction === 'rebuild'
      ? `${name} ${to} again`
      : `${name} ${from} ${direction === 'up' ? '->' : 'down to'} ${to}`;
  });
}

/** Members of the new generation; those asked for carry a star. */
export function members(decision: Decision): readonly string[] {
  const written = planOf(decision).steps.find((step) => step.kind === 'write-generation');
  return (written?.bundles ?? []).map(({ name, version, explicit }) => `${name} ${version}${explicit ? '*' : ''}`);
}

/** `phase: summary` of every step, in order. */
export function steps(decision: Decision): readonly string[] {
  return planOf(decision).steps.map((step) => `${step.phase}: ${step.summary}`);
}

/** `code: message | hint`. */
export function refused(decision: Decision): string {
  const { code, message, hint } = refusalOf(decision);
  return `${code}: ${message} | ${hint ?? ''}`;
}
