/** The mode of a file in the store, where nothing is ever written again. */
export function storedMode(mode: '0644' | '0755'): number {
  return mode === '0755' ? 0o555 : 0o444;
}
