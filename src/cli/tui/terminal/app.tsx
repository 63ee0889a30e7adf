import { Box, Text, useInput } from 'ink';
import { useSyncExternalStore } from 'react';
import { readKeys } from './read-keys.ts';
import type { TerminalInput } from './input.ts';
import type { Store } from './store.ts';

/** A state, and how it looks. */
export type View<S> = { readonly store: Store<S, TerminalInput>; draw(state: S): readonly string[] };

/** The screen: draws the state, and sends keys to the store. */
export function App<S>({ store, draw }: View<S>) {
  const state = useSyncExternalStore(store.watch, store.state);
  useInput((input, key) => {
    for (const one of readKeys(input, key)) store.send({ kind: 'key', key: one });
  });
  return <Frame lines={draw(state)} />;
}

/** Lines as they are, cut where the window ends. */
export function Frame({ lines }: { readonly lines: readonly string[] }) {
  return (
    <Box flexDirection="column">
      {lines.map((line, at) => (
        // oxlint-disable-next-line no-array-index-key -- a row of the screen is known by where it is
        <Text key={at} wrap="truncate">
          {line === '' ? ' ' : line}
        </Text>
      ))}
    </Box>
  );
}
