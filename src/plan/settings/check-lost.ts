import type { Check } from '../checks/check.ts';
import { refuseOne } from '../target.ts';
import { settingsBase } from './of-members.ts';

/** Refuses to begin with defaults where answers were given and are lost. */
export const checkLostSettings: Check = ({ facts, target, settled }) => {
  const base = settingsBase(facts, target.restores);
  const generation = facts.generations.find((kept) => kept.generation.number === base)?.generation;
  if (base === null || generation === undefined || facts.settings.has(base)) return null;
  const lost = settled.map(({ member }) => member.id.name).filter((name) => generation.settings?.[name] !== undefined);
  if (lost.length === 0) return null;
  const isLive = base === facts.current?.number;
  return refuseOne(
    'root-damaged',
    `the settings of ${lost.join(' and ')} in generation ${base} are lost`,
    isLive ? 'pkg verify --repair, or go back: pkg rollback' : 'pkg verify --all --repair',
  );
};
