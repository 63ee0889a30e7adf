import { PkgError } from '../../error.ts';
import { openRoot } from '../../store/index.ts';
import { bootLine } from './boot.ts';
import { type Ground, groundOf, type Look } from './ground.ts';
import { clock, configuration, files, memory, pointer, policy, space, transaction } from './root.ts';
import { managers, ports, records, services, starters } from './services.ts';
import { webServer } from './web-server.ts';

/** One answer of the doctor: what was examined, whether it is well, and what to type if it is not. */
export type Check = { readonly name: string; readonly ok: boolean; readonly message: string; readonly fix?: string };

/** Every examination, by the name under which docs/doctor.md explains it. */
export const LOOKS: Readonly<Record<string, Look>> = {
  pointer,
  policy,
  transaction,
  files,
  configuration,
  space,
  memory,
  clock,
  services,
  records,
  managers,
  ports,
  starters,
  boot: bootLine,
  links: webServer,
};

/** Looks for what is wrong on this root and around it, and how to put it right. Changes nothing, waits for nobody. */
export async function doctor(root: string, { machine = '/' } = {}): Promise<readonly Check[]> {
  const layout = openRoot(root);
  if (layout === null) return [{ name: 'pointer', ok: true, message: `nothing is installed in ${root}` }];
  const ground = await groundOf(layout, machine);
  const checks: Check[] = [];
  for (const [name, look] of Object.entries(LOOKS)) checks.push(...(await answer(name, look, ground)));
  return checks;
}

async function answer(name: string, { fine, find }: Look, ground: Ground): Promise<readonly Check[]> {
  try {
    const found = await find(ground);
    return found.length === 0
      ? [{ name, ok: true, message: fine }]
      : found.map((finding) => ({ name, ok: false, ...finding }));
  } catch (error) {
    // An examination that fails must not hide the others.
    if (!(error instanceof PkgError)) throw error;
    return [{ name, ok: false, message: error.message, fix: error.hint ?? `pkg explain ${error.code}` }];
  }
}
