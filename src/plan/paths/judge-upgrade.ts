import { bundleTitle, type ServiceFact, type UpgradeClass, type UpgradeEntry } from '../../model/index.ts';
import type { Member } from '../member.ts';
import { heaviest } from './class.ts';
import { isDeclaredDown } from './declared.ts';
import { directionBetween, edgeBetween, isHop } from './edge.ts';
import type { Ground, Hop } from './hop.ts';
import { findWay } from './way.ts';

/** Whether one version of a bundle can take the place of another, and how. */
export type Judgement = {
  readonly upgradable: boolean;
  /** What it does to services that run. */
  readonly class: UpgradeClass;
  /** The hops from one to the other; empty where nothing has to be done. */
  readonly path: readonly {
    readonly from: string;
    readonly to: string;
    readonly class: UpgradeClass;
    readonly steps: UpgradeEntry['steps'];
  }[];
  /** Why not. */
  readonly reason: string | null;
};

/** The requested way, and the way back. */
export type BothWays = Judgement & { readonly back: Judgement };

/** Judged as if every service ran: what the change could do, not what it would do now. */
export function judgeUpgrade(from: Member | null, to: Member, facts: Ground): BothWays {
  const ground = {
    ...facts,
    services: [...facts.known.values(), ...(from === null ? [to] : [from, to])].flatMap(asRunning),
  };
  if (from === null || from.id.digest === to.id.digest) return { ...yes([]), back: yes([]) };
  return { ...judge(from, to, ground), back: judge(to, from, ground) };
}

function judge(from: Member, to: Member, ground: Ground): Judgement {
  const { hops } = findWay(from, to, ground);
  const direct = edgeBetween(from, to, ground);
  if (hops.length === 0) return no(isHop(direct) ? 'there is no way' : (direct[0]?.why ?? 'there is no way'));
  const isDown = directionBetween(from.id.version, to.id.version) === 'down';
  if (isDown && !isDeclaredDown(from, to, ground))
    return no(`${bundleTitle(from.id)} declares no way down to ${to.id.version}`);
  return yes(hops);
}

function asRunning({ id, manifest }: Pick<Member, 'id' | 'manifest'>): readonly ServiceFact[] {
  return Object.keys(manifest.services ?? {}).map((service) => ({
    name: { bundle: id.name, service },
    state: 'running',
    pid: null,
    version: id.version,
    port: null,
    generation: null,
    enabled: true,
    readyAfterMs: null,
  }));
}

function yes(hops: readonly Hop[]): Judgement {
  const path = hops.flatMap(({ from, to, class: upgradeClass, entry }) =>
    from === null || to === null
      ? []
      : [{ from: from.id.version, to: to.id.version, class: upgradeClass, steps: entry?.steps ?? [] }],
  );
  return { upgradable: true, class: heaviest(path.map((hop) => hop.class)), path, reason: null };
}

function no(reason: string): Judgement {
  return { upgradable: false, class: 'none', path: [], reason };
}
