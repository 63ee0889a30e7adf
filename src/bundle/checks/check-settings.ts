import { type Manifest, nearestWord } from '../../model/index.ts';
import type { Problem } from '../manifest/manifest-source.ts';

/** Settings whose `when` looks at one that does not exist, or at themselves. */
export function checkSettings({ settings = {} }: Manifest): readonly Problem[] {
  return Object.entries(settings).flatMap(([key, { when }]): readonly Problem[] => {
    if (when === undefined) return [];
    const other = when.replace(/=.*/s, '');
    const path = ['settings', key, 'when'];
    if (other === key) return [{ path, at: 'value', message: `'${key}' cannot depend on itself` }];
    if (!Object.hasOwn(settings, other)) {
      const near = nearestWord(other, Object.keys(settings));
      const hint = near === null ? {} : { hint: `did you mean '${near}'?` };
      return [{ path, at: 'value', message: `there is no setting '${other}'`, ...hint }];
    }
    const { choices } = settings[other] ?? {};
    const value = when.includes('=') ? when.slice(other.length + 1) : null;
    if (value === null || choices === undefined || choices.includes(value)) return [];
    return [{ path, at: 'value', message: `'${other}' is never '${value}': its choices are ${choices.join(', ')}` }];
  });
}
