import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { packBundle, stageArchive } from '../../src/bundle/index.ts';
import type { BundleId, Event, Generation, Step } from '../../src/model/index.ts';
import { HANDLERS, type World } from '../../src/steps/index.ts';
import { createRoot, placeBundle, pointTo, writeGeneration } from '../../src/store/index.ts';
import { removeTree } from '../../src/system/index.ts';

/** A body of a step; what people read of it does not matter here. */
export type Body = Step extends infer S ? (S extends Step ? Omit<S, 'phase' | 'summary' | 'undo'> : never) : never;

/** A root with nothing in it and the tools to try single steps on it. */
export function stepWorld() {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'pkg-steps-'));
  onTestFinished(() => removeTree(home));
  const layout = createRoot(path.join(home, 'root'));
  const events: Event[] = [];
  const world: World = {
    layout,
    transaction: 1,
    tell: (event) => events.push(event),
    home,
    node: process.execPath,
    program: '/opt/pkg/dist/pkg.js',
    givenUp: [],
    interruptHooks: () => new AbortController().signal,
  };
  fs.mkdirSync(layout.transaction(1), { recursive: true });

  /** Builds a bundle and stages it, as the operation does before BEGIN. */
  async function stage(
    name: string,
    version: string,
    wish: { readonly files?: Record<string, string>; readonly manifest?: object } = {},
  ) {
    const folder = path.join(home, 'source', `${name}-${version}`);
    for (const [file, text] of Object.entries({ 'data.txt': `${name} ${version}\n`, ...wish.files })) {
      fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      fs.writeFileSync(path.join(folder, file), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
    }
    fs.writeFileSync(path.join(folder, 'bundle.json'), JSON.stringify({ name, version, ...wish.manifest }));
    const packed = await packBundle({ folder, outDir: path.join(home, 'out'), hookLibrary: path.join(home, 'none') });
    const id: BundleId = { name, version, digest: packed.digest };
    await stageArchive({ file: packed.file, into: layout.staged(id), keepCopy: layout.stagedArchive(id), reuse: null });
    return id;
  }

  /** A live generation of these bundles. */
  function live(number: number, bundles: readonly BundleId[], config: Record<string, string> = {}): void {
    for (const bundle of bundles) if (!fs.existsSync(layout.bundle(bundle))) placeBundle(layout, bundle);
    writeGeneration(layout, generation(number, bundles, config), { bin: {}, links: {} });
    pointTo(layout, number);
  }

  const complete = (body: Body): Step => ({ ...body, phase: 'stage', summary: 'a step', undo: 'its undo' }) as Step;

  return {
    home,
    layout,
    world,
    events,
    stage,
    live,
    async do(body: Body) {
      const { handler, step } = handlerOf(complete(body));
      const note = await handler.note?.(step, world);
      await handler.do(step, world, note);
      return note;
    },
    async note(body: Body) {
      const { handler, step } = handlerOf(complete(body));
      return handler.note?.(step, world);
    },
    async undo(body: Body, note: Awaited<ReturnType<NonNullable<Handler['note']>>> | undefined) {
      const { handler, step } = handlerOf(complete(body));
      await handler.undo(step, world, note);
    },
    /** Everything that counts: paths, kinds, modes, contents, targets; not what waits to be swept or was logged. */
    look: () =>
      lookAt(home, [layout.tmp, layout.trash, layout.transactions, path.join(home, 'source'), path.join(home, 'out')]),
  };
}

export function generation(
  number: number,
  bundles: readonly BundleId[],
  config: Record<string, string> = {},
): Generation {
  const members = bundles.map((bundle) => ({ ...bundle, explicit: true }));
  return {
    formatVersion: '1',
    number,
    parent: number === 1 ? null : number - 1,
    createdAt: '2026-01-01T00:00:00.000Z',
    bundles: members,
    config,
  };
}

type Handler = (typeof HANDLERS)['place-bundle'];

function handlerOf(step: Step): { readonly handler: Handler; readonly step: Parameters<Handler['do']>[0] } {
  return { handler: HANDLERS[step.kind] as unknown as Handler, step: step as Parameters<Handler['do']>[0] };
}

function lookAt(folder: string, without: readonly string[]): readonly string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => !without.some((left) => file.startsWith(left)))
    .map((file) => `${path.relative(folder, file)} ${describeFile(file)}`)
    .toSorted();
}

function describeFile(file: string): string {
  const stat = fs.lstatSync(file);
  if (stat.isSymbolicLink()) return `-> ${fs.readlinkSync(file)}`;
  const mode = (stat.mode & 0o7777).toString(8);
  if (stat.isDirectory()) return mode;
  return `${mode} ${createHash('sha256').update(fs.readFileSync(file)).digest('hex').slice(0, 12)}`;
}
