import { type Facts, type Generation, type KnownBundle, type ServiceFact, sameService } from '../../model/index.ts';
import { dataMoves } from '../data-moves.ts';
import { byName, type Member } from '../member.ts';
import { classHere } from '../paths/class.ts';
import type { Hop } from '../paths/hop.ts';
import { type Proposal, propose } from '../proposal.ts';
import { settingsRevisions } from '../settings/changes.ts';
import { settingsOf } from '../settings/of-members.ts';
import type { Leg, Touch } from './leg.ts';
import { configOf } from './phases/steps-for-staging.ts';
import { touchesOf } from './services/touch.ts';

/** The change as the versions it passes: each leg is a whole change of its own, from one generation to the next. */
export function legsOf(proposal: Proposal, hops: readonly (readonly Hop[])[]): readonly Leg[] {
  const legs: Leg[] = [];
  let { facts } = proposal;
  let members = proposal.installed;
  for (const [at, moves] of hops.entries()) {
    const isLast = at === hops.length - 1;
    members = isLast ? proposal.target.members.map((member) => asKnown(member, facts)) : moved(members, moves, facts);
    const target = isLast
      ? { ...proposal.target, members }
      : { ...proposal.target, members, purge: [], restores: null, notes: [] };
    const leg = withClasses(propose(proposal.request, target, facts), moves);
    legs.push(leg);
    facts = factsAfter(leg);
  }
  return legs;
}

/** The leg with its hops; each new bundle gets the class of its hop. */
function withClasses(proposal: Proposal, hops: readonly Hop[]): Leg {
  const ground = { ...proposal.facts, limit: null, acceptDataLoss: [] };
  const entering = proposal.entering.map((one) => {
    const hop = hops.find(({ name }) => name === one.member.id.name);
    return hop === undefined ? one : { ...one, change: { ...one.change, class: classHere(hop, ground) } };
  });
  return { ...proposal, entering, hops };
}

function moved(members: readonly Member[], moves: readonly Hop[], facts: Facts): readonly Member[] {
  const staying = members.filter(({ id }) => !moves.some(({ name }) => name === id.name));
  const arriving = moves.flatMap(({ to }) => (to === null ? [] : [asKnown(to, facts)]));
  return [...staying, ...arriving];
}

function asKnown(member: Member, { known }: Facts): Member {
  return { ...member, at: known.get(member.id.digest)?.at ?? member.at };
}

/** The facts as they will be after the leg, from which the next one starts. */
function factsAfter(leg: Leg): Facts {
  const { facts, members } = leg;
  const current: Generation = {
    formatVersion: '1',
    number: facts.nextGeneration,
    parent: facts.current?.number ?? null,
    createdAt: facts.now,
    bundles: byName(members).map(({ id, explicit }) => ({ ...id, explicit })),
    config: configOf(leg),
    settings: settingsRevisions(leg),
  };
  const placed = members.map((member): readonly [string, KnownBundle] => [
    member.id.digest,
    { ...member, at: 'store' },
  ]);
  return {
    ...facts,
    current,
    generations: [...facts.generations, { generation: current, outcome: 'superseded' }],
    nextGeneration: facts.nextGeneration + 1,
    known: new Map([...facts.known, ...placed]),
    settings: new Map([...facts.settings, [current.number, settingsOf(leg.settled)]]),
    services: servicesAfter(leg),
    dataFormats: new Map([...facts.dataFormats, ...formatsOf(members)]),
    dataStates: statesAfter(leg),
    drift: [],
    added: [],
  };
}

function formatsOf(members: readonly Member[]): readonly (readonly [string, number])[] {
  return members.flatMap(({ id, manifest }) => {
    const writes = manifest.data?.writes;
    return writes === undefined ? [] : [[id.name, writes] as const];
  });
}

function statesAfter(leg: Leg): Facts['dataStates'] {
  const moves = dataMoves(leg);
  const given = new Set(moves.map(({ from }) => from.id.name));
  const staying = [...leg.facts.dataStates].filter(([name]) => !given.has(name));
  return new Map([...staying, ...moves.map(({ to }) => [to.id.name, 'held'] as const)]);
}

function servicesAfter(leg: Leg): readonly ServiceFact[] {
  const touches = touchesOf(leg);
  const touchOf = ({ name }: ServiceFact): Touch | undefined => touches.find((touch) => sameService(touch.name, name));
  const goingOn = leg.facts.services.flatMap((fact) => {
    const touch = touchOf(fact);
    if (touch === undefined) return [fact];
    if (touch.after === null) return [];
    return [{ ...fact, version: touch.after.id.version, generation: leg.facts.nextGeneration }];
  });
  const started = touches.flatMap((touch): readonly ServiceFact[] =>
    touch.action === 'start' && touch.after !== null
      ? [
          {
            name: touch.name,
            state: 'running',
            pid: null,
            version: touch.after.id.version,
            port: null,
            generation: leg.facts.nextGeneration,
            enabled: true,
            readyAfterMs: null,
          },
        ]
      : [],
  );
  return [...goingOn, ...started];
}
