import { Box, Text, useInput } from 'ink';
import { useSyncExternalStore } from 'react';
import { harmless } from '../../harmless.ts';
import type { TerminalInput } from './input.ts';
import type { Paced } from './paced.ts';
import { readKeys } from './read-keys.ts';

/** What is seen of a state, how it looks, and where keys go. */
export type View<S> = {
  readonly screen: Paced<S>;
  send(input: TerminalInput): void;
  draw(state: S): readonly string[];
};

/** The screen: draws the state, and sends keys to the store. */
export function App<S>({ screen, send, draw }: View<S>) {
  const state = useSyncExternalStore(screen.watch, screen.state);
  useInput((input, key) => {
    for (const one of readKeys(input, key)) send({ kind: 'key', key: one });
    screen.catchUp();
  });
  return <Frame lines={draw(state)} />;
}

/** Lines as they are, but for what could break the picture, cut where the window ends. */
export function Frame({ lines }: { readonly lines: readonly string[] }) {
  return (
    <Box flexDirection="column">
      {lines.map((line, at) => (
        // oxlint-disable-next-line no-array-index-key -- a row of the screen is known by where it is
        <Text key={at} wrap="truncate">
          {line === '' ? ' ' : harmless(line)}
        </Text>
      ))}
    </Box>
  );
}
