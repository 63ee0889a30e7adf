// A plugin of the build: what every start of the program loads becomes one file, as each further one takes a start a
// third of a millisecond. Together with what `startTogether` was asked for go all modules that it imports at once.

/** The plugin, and the test for the group of modules that it finds; `apart` are entries that load what they need alone. */
export function startTogether(entry, apart) {
  const together = new Set();
  const plugin = {
    name: 'start-together',
    buildEnd() {
      const others = new Set(apart.flatMap((other) => loadedBy(other, this)));
      for (const id of loadedBy(entry, this)) if (id !== entry && !others.has(id)) together.add(id);
    },
  };
  return { plugin, isInGroup: (id) => together.has(id) };
}

function loadedBy(entry, build) {
  const found = new Set([entry]);
  for (const id of found) for (const next of build.getModuleInfo(id)?.importedIds ?? []) found.add(next);
  return [...found];
}
