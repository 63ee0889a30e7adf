import type { Facts } from '../../model/index.ts';

/** Whether a bundle had answers in a generation, and they are not known any more. */
export function areLost(name: string, number: number | null, { generations, settings }: Facts): boolean {
  const generation = generations.find((kept) => kept.generation.number === number)?.generation;
  return generation?.settings?.[name] !== undefined && !settings.has(generation.number);
}
