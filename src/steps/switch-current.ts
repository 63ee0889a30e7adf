import fs from 'node:fs';
import path from 'node:path';
import { pointTo, readPointer } from '../store/index.ts';
import { writeDurably } from '../system/index.ts';
import type { StepHandler } from './step-handler.ts';
import type { World } from './world.ts';

/** The switch: one rename of `current`; undo is the same rename back. */
export const switchCurrent: StepHandler<'switch'> = {
  repeatable: true,

  async do(step, world) {
    writeDurably(switchedMark(world), '');
    pointTo(world.layout, step.to);
  },

  async undo(step, { layout }) {
    const pointer = readPointer(layout);
    const isBack =
      step.from === null ? pointer.kind === 'absent' : pointer.kind === 'generation' && pointer.number === step.from;
    if (!isBack) pointTo(layout, step.from);
  },
};

/** Whether the new generation of this transaction may have been live for a moment. */
export function wasSwitched(world: World): boolean {
  return fs.existsSync(switchedMark(world));
}

function switchedMark({ layout, transaction }: World): string {
  return path.join(layout.transaction(transaction), 'switched');
}
