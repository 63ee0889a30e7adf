import fs from 'node:fs';
import path from 'node:path';
import type { RunRecord } from '../model/index.ts';
import { discard, type Layout, readPointer } from '../store/index.ts';
import { readText } from '../system/index.ts';
import type { StepHandler } from './step-handler.ts';

/** After COMMIT: a generation that was only passed through on the way to another. */
export const forgetGeneration: StepHandler<'forget-generation'> = {
  repeatable: true,

  async do(step, { layout }) {
    const pointer = readPointer(layout);
    const isLive = pointer.kind === 'generation' && pointer.number === step.number;
    if (!isLive && !isLivedIn(step.number, layout)) discard(layout, layout.generation(step.number));
  },

  async undo() {
    // Only ever cleaning: it runs after COMMIT, where nothing is undone.
  },
};

/** A service that was started on the way, and left alone since, finds its commands there; gc removes it some day. */
function isLivedIn(number: number, layout: Layout): boolean {
  return fs
    .readdirSync(layout.run)
    .filter((name) => name.endsWith('.json'))
    .map((name) => parse(readText(path.join(layout.run, name))))
    .some(({ generation, pid }) => generation === number && typeof pid === 'number');
}

function parse(text: string | null): Partial<RunRecord> {
  try {
    return (JSON.parse(text ?? '{}') as Partial<RunRecord> | null) ?? {};
  } catch {
    return {};
  }
}
