// A plugin of the build: how the program takes what Node brings along.
import { builtinModules, createRequire } from 'node:module';

// import whole, * as space, { named } from "node:id";
const BUILTIN_IMPORT = new RegExp(
  `^import (?:([\\w$]+)(?:, )?)?(?:\\* as ([\\w$]+))?(\\{[^}]*\\})? from "((?:node:)?(?:${builtinModules.join('|')}))";$`,
  'gm',
);
// Each takes a start 1 to 5 ms, and what is imported of it is often never called.
const HEAVY = new Set(['node:child_process', 'node:crypto', 'node:http', 'node:net', 'node:zlib']);
const builtin = createRequire(import.meta.url);

/**
 * Takes Node's own modules as they are: what `import` puts before each of them looks at everything it exports, which for
 * node:http alone loads all of `fetch`. Functions of heavy ones are taken when they are called first.
 */
export const nodeModulesAsTheyAre = {
  name: 'node-modules-as-they-are',
  renderChunk: (code) => code.replace(BUILTIN_IMPORT, (_, ...taken) => takeAsItIs(...taken)),
};

function takeAsItIs(whole, space, named = '{}', id) {
  const module = `globalThis.process.getBuiltinModule("${id}")`;
  const kept = `kept_${id.replace(/\W/g, '_')}`;
  const names = [...named.matchAll(/([\w$]+)(?: as ([\w$]+))?/g)].map(([, name, local = name]) => ({ name, local }));
  const late = names.filter(({ name }) => HEAVY.has(id) && isPlainFunction(builtin(id)[name]));
  const early = names.filter((one) => !late.includes(one)).map(({ name, local }) => `${name}: ${local}`);
  return [
    ...[whole, space, early.length > 0 && `{ ${early} }`].filter(Boolean).map((local) => `const ${local} = ${module};`),
    ...(late.length > 0 ? [`let ${kept};`] : []),
    ...late.map(({ name, local }) => `const ${local} = (...words) => (${kept} ??= ${module}).${name}(...words);`),
  ].join('\n');
}

/** No class, and nothing that others know by more than its name, as util.promisify does. */
function isPlainFunction(value) {
  return typeof value === 'function' && /^[a-z]/.test(value.name) && Object.getOwnPropertySymbols(value).length === 0;
}
