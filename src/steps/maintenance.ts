import fs from 'node:fs';
import path from 'node:path';
import { readText, syncFolder, writeDurably } from '../system/index.ts';
import type { StepHandler } from './step-handler.ts';

/** The mark of a bundle that proxies look at; undo leaves it as an operator had it before. */
export const maintenance: StepHandler<'maintenance'> = {
  repeatable: true,

  async note(step, { layout }) {
    return { before: readText(layout.maintenanceMark(step.bundle)) };
  },

  async do(step, { layout }, note) {
    const now = `${JSON.stringify({ since: new Date().toISOString() })}\n`;
    setMark(layout.maintenanceMark(step.bundle), step.on ? (textBefore(note) ?? now) : null);
  },

  async undo(step, { layout }, note) {
    if (note !== undefined) setMark(layout.maintenanceMark(step.bundle), textBefore(note));
  },
};

function textBefore(note: unknown): string | null {
  return (note as { readonly before?: string | null } | undefined)?.before ?? null;
}

function setMark(file: string, text: string | null): void {
  if (text !== null) return writeDurably(file, text);
  if (!fs.existsSync(file)) return;
  fs.rmSync(file, { force: true });
  syncFolder(path.dirname(file));
}
