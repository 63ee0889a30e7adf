import { readText } from '../processes/process-identity.ts';

/** The value in a small file of JSON; `absent` where there is none to read, `damaged` where it holds no object or array. */
export function readJson(file: string): object | 'absent' | 'damaged' {
  const text = readText(file);
  if (text === null) return 'absent';
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : 'damaged';
  } catch {
    return 'damaged';
  }
}
