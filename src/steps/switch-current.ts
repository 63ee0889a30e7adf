import path from 'node:path';
import { pointTo, readPointer } from '../store/index.ts';
import { readText, writeDurably } from '../system/index.ts';
import type { StepHandler } from './step-handler.ts';
import type { World } from './world.ts';

/** The switch: one rename of `current`; undo is the same rename back. */
export const switchCurrent: StepHandler<'switch'> = {
  repeatable: true,

  async do(step, world) {
    writeDurably(switchedMark(world), String(step.to));
    pointTo(world.layout, step.to);
  },

  async undo(step, { layout }) {
    const pointer = readPointer(layout);
    const isBack =
      step.from === null ? pointer.kind === 'absent' : pointer.kind === 'generation' && pointer.number === step.from;
    if (!isBack) pointTo(layout, step.from);
  },
};

/**
 * Whether `number` is the last generation of this transaction that may have been live: where several versions were
 * passed on the way, this is the one that tells why the change failed.
 */
export function wasLastLive(number: number, world: World): boolean {
  const last = readText(switchedMark(world));
  // An older pkg wrote only that there was one.
  return last !== null && (last === '' || Number(last) === number);
}

function switchedMark({ layout, transaction }: World): string {
  return path.join(layout.transaction(transaction), 'switched');
}
