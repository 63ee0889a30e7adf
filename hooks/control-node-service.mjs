// control-node-service: lets `control-node` reach the service that imports it.
//
//   import { answerControl } from './hooks/pkg/control-node-service.mjs';
//   answerControl({
//     suspend: () => gate.close(),
//     migrate: async ({ direction, from, to, extra, bundleDir }) => { … },
//     resume: () => gate.open(),
//     config: ({ changed, configDir }) => changed.files.changed.forEach((file) => read(`${configDir}/${file}`)),
//   });

import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';

/** Answers `call`, `suspend`, `migrate`, `resume` and `config` with these handlers; what one returns is the answer, what it throws a refusal. */
export function answerControl(handlers) {
  const socket = socketPath(process.env);
  mkdirSync(dirname(socket), { recursive: true, mode: 0o700 });
  // What an instance that was killed left behind; two never listen at a time.
  rmSync(socket, { force: true });
  const server = createServer((channel) => {
    channel.on('error', () => {});
    createInterface(channel).once('line', async (line) => channel.end(`${JSON.stringify(await answer(handlers, line))}\n`));
  });
  return server.listen(socket).unref();
}

async function answer(handlers, line) {
  try {
    const { verb, ...request } = JSON.parse(line);
    if (!Object.hasOwn(handlers, verb)) throw new Error(`the service has no handler for '${verb}'`);
    return { ok: true, answer: (await handlers[verb](request)) ?? null };
  } catch (problem) {
    return { ok: false, error: problem instanceof Error ? problem.message : String(problem) };
  }
}

function socketPath(env) {
  return env.PKG_CONTROL_SOCKET || `${env.PKG_DATA_DIR}/run/${env.PKG_SERVICE.split('/').at(-1)}.sock`;
}
