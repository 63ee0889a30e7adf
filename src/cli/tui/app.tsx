import { Box, Text, useInput } from 'ink';
import { useSyncExternalStore } from 'react';
import type { Paint } from '../views/paint.ts';
import { frame } from './frame.ts';
import { readKeys } from './read-keys.ts';
import type { Store } from './store.ts';

/** The screen: draws the state, and sends keys to the store. */
export function App({ store, ink }: { readonly store: Store; readonly ink: Paint }) {
  const state = useSyncExternalStore(store.watch, store.state);
  useInput((input, key) => {
    for (const one of readKeys(input, key)) store.send({ kind: 'key', key: one });
  });
  return <Frame lines={frame(state, ink)} />;
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
