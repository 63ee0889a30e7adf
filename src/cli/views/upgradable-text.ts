import type { Upgradable } from '../../operations/look/upgradable.ts';

/** `web 1.0.0 -> 2.0.0: yes, reload, by way of 1.5.0; back: no: web 2.0.0 declares no way down to 1.0.0`. */
export function upgradableText({ name, from, to, back, ...there }: Upgradable): string {
  if (from === null) return `${name} ${to}: yes, nothing of it is installed`;
  return `${name} ${from} -> ${to}: ${answer(there)}; back: ${answer(back)}`;
}

function answer({ upgradable, class: upgradeClass, path, reason }: Upgradable['back']): string {
  if (!upgradable) return `no: ${reason}`;
  const stops = path.slice(0, -1).map((hop) => hop.to);
  return `yes, class ${upgradeClass}${stops.length === 0 ? '' : `, by way of ${stops.join(' and ')}`}`;
}
