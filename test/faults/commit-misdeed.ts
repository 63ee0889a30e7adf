import { examineRoot, listTree } from '../crash/examine-root.ts';
import { changedElsewhere, watched } from '../crash/fault.ts';
import { findHooks } from '../crash/find-hooks.ts';
import { judgeRest } from '../crash/judge-rest.ts';
import { makeBundle } from '../crash/make-bundle.ts';
import { effectsOf, leave, makePlace, type Place, succeed } from '../crash/place.ts';
import { type Run, runHere, runProgram } from '../crash/program.ts';
import type { Misdeed } from './misdeeds.ts';

const HOOKS = ['preinstall', 'postinstall', 'preremove', 'postremove'] as const;

/** Installs a bundle beside another one, whose preinstall does it; answers what is not as it must be. */
export async function commitMisdeed(misdeed: Misdeed): Promise<readonly string[]> {
  const place = makePlace('misdeed');
  try {
    await succeed(place, 'install', await makeBundle(place, { name: 'perl', version: '1.0.0' }));
    const before = lookAt(place);
    const run = await installWith(place, misdeed);
    const problems = misdeed.says === undefined ? judgeDone(place, run) : judgeUndone(place, run, misdeed.says, before);
    const left = misdeed.leaves === undefined ? [] : judgeLeft(place, run, misdeed.leaves);
    return [...problems, ...left, ...changedElsewhere(place.log), ...(await judgeCalm(place))];
  } finally {
    for (const pid of findHooks(place.root)) process.kill(pid, 'SIGKILL');
    leave(place);
  }
}

/** Installs `odd` with these lines in its preinstall. */
export async function installWith(place: Place, { lines, timeout }: Misdeed): Promise<Run> {
  const script = `[ "\${0##*/} $1" != "preinstall install" ] || {\n${lines}\n}`;
  const limit = timeout === undefined ? {} : { timeout };
  const hooks = { ...Object.fromEntries(HOOKS.map((hook) => [hook, `hooks/${hook}`])), ...limit };
  const archive = await makeBundle(place, { name: 'odd', version: '1.0.0', script, manifest: { hooks } });
  return runProgram(place.program, ['--root', place.root, '--yes', '--json', 'install', archive], watched(place));
}

function judgeDone(place: Place, run: Run): readonly string[] {
  const { bundles } = examineRoot(place.root);
  return [
    ...(run.exit === 0 ? [] : [`ended with ${run.exit}: ${run.stdout}${run.stderr}`]),
    ...(bundles.join() === 'odd 1.0.0,perl 1.0.0' ? [] : [`live is ${bundles.join()}`]),
  ];
}

function judgeUndone(place: Place, run: Run, says: string, before: string): readonly string[] {
  return [
    ...(run.exit === 1 ? [] : [`ended with ${run.exit}: ${run.stdout}${run.stderr}`]),
    ...(run.stdout.includes(says) ? [] : [`says nothing of '${says}': ${run.stdout}`]),
    ...(lookAt(place) === before ? [] : [`not as before: ${lookAt(place)}`]),
    ...(effectsOf(place).at(-1)?.includes('postremove abort-install') === true ? [] : ['the hook was not undone']),
  ];
}

/** It goes on, and is told of; from then on it is the operator's. */
function judgeLeft({ root }: Place, run: Run, leaves: string): readonly string[] {
  const left = findHooks(root);
  for (const pid of left) process.kill(pid, 'SIGKILL');
  return [
    ...(left.length > 0 ? [] : ['what had left its session was ended']),
    ...(run.stdout.includes(leaves) ? [] : [`says nothing of what is left: ${run.stdout}`]),
  ];
}

/** Nothing runs any more, nothing is left to recover, no temporary file lies about. */
async function judgeCalm(place: Place): Promise<readonly string[]> {
  const recovery = await runHere(['--root', place.root, 'recover']);
  return [
    ...(recovery.stderr.includes('nothing to recover') ? [] : [`recover said: ${recovery.stderr}`]),
    ...(await judgeRest(place)),
  ];
}

/** What is live and all that lies outside the root, but for the traces of hooks. */
function lookAt({ root, outside }: Place): string {
  return JSON.stringify([examineRoot(root), listTree(outside, false).filter((line) => !line.startsWith('effects '))]);
}
