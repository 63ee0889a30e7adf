import { publishTrial } from '../../transaction/index.ts';
import type { Session } from '../session.ts';
import type { Ended } from '../settled.ts';
import { keepTrial } from './keep-trial.ts';

/** Shows a preview to everybody and makes it final; if that fails, everything is as before the preview. */
export function publish(session: Session): Promise<Ended> {
  // Services of other users read below the root, whatever umask the operator has.
  process.umask(0o022);
  return keepTrial(
    { kind: 'preview', finish: (order, { interrupt }) => publishTrial({ ...order, interrupt }) },
    session,
  );
}
