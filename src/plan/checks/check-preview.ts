import { type Cause, missingForTraffic, type Plan, type Service, type Step, serviceTitle } from '../../model/index.ts';
import { declarationOf, type Leg, type Touch } from '../compose/leg.ts';
import { touchesOf } from '../compose/services/touch.ts';
import { refuse } from '../target.ts';

/** A preview runs a new instance beside the old one and changes nothing else; whatever needs more is refused. */
export function checkPreview(legs: readonly Leg[], { steps }: Plan): ReturnType<typeof refuse> | null {
  const [leg] = legs;
  if (leg?.request.preview === undefined) return null;
  const replaced = touchesOf(leg).filter(({ action }) => action === 'replace');
  const causes: readonly Cause[] = [
    ...(legs.length > 1 ? [{ message: `it goes through ${legs.length - 1} other versions` }] : []),
    ...steps.filter(isInTheWay).map(({ summary }) => ({ message: `it would have to ${summary}` })),
    ...replaced.flatMap(withoutProxy),
    ...(replaced.length > 0 ? [] : [{ message: 'no running service is replaced behind a proxy by it' }]),
  ];
  if (causes.length === 0) return null;
  return refuse(
    'preview-unusable',
    causes.map(({ message }) => ({ message: `cannot be previewed: ${message}` })),
    'to try it for everybody and go back by itself: --try 10m',
  );
}

/** Kinds of steps that change what the old instance depends on, or what other clients see. */
const IN_THE_WAY: readonly Step['kind'][] = [
  'stop-service',
  'start-service',
  'restart-service',
  'reload-service',
  'control-service',
  'note-data-format',
  'move-data',
  'maintenance',
  'supersede-units',
  'give-back-units',
];

function isInTheWay({ kind, phase }: Step): boolean {
  if (kind === 'run-program') return phase === 'migrate-before' || phase === 'migrate-after';
  return IN_THE_WAY.includes(kind);
}

/** Other clients still reach the old version as it declares, so the new one must be behind the proxy in the same way. */
function withoutProxy({ name, before, after }: Touch): readonly Cause[] {
  const [old, next] = [before, after].map((member) => (member === null ? {} : declarationOf(member, name)));
  const title = serviceTitle(name);
  const way = next?.traffic;
  if (way === undefined || missingForTraffic(way).length > 0) return [{ message: `${title} is behind no proxy` }];
  if (way.adapter === 'haproxy' && way.preview === undefined) {
    return [{ message: `the traffic of ${title} has no preview` }];
  }
  const isSame = placeOf(old) === placeOf(next);
  return isSame ? [] : [{ message: `the new ${title} is behind its proxy in another way than the old one` }];
}

function placeOf(service: Service | undefined): string {
  const { adapter, file, upstream, socket, backend } = service?.traffic ?? {};
  return JSON.stringify([adapter, file, upstream, socket, backend]);
}
