import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeBundle } from '../crash/make-bundle.ts';
import { leave, makePlace } from '../crash/place.ts';
import { needs } from '../support/needs.ts';

const CALLS = 'syncfs,fsync,fdatasync,rename,renameat,renameat2,write,pwrite64';

// What other programs do for us (sync) and what is printed are calls as well, which only the kernel sees all.
describe('what the kernel is told by an install', () => {
  needs('strace');

  test('payload, then store, then generation are durable before the switch, and COMMIT before success is told', async () => {
    const place = makePlace('flushes');
    try {
      const archive = await makeBundle(place, { name: 'site', version: '1.0.0' });
      const trace = path.join(place.folder, 'trace');
      const tracer = ['-f', '-y', '-qq', '-s', '4000', '-e', `trace=${CALLS}`, '-e', 'signal=none', '-o', trace];
      const words = [process.execPath, place.program, '--root', place.root, '--yes', '--json', 'install', archive];
      expect(spawnSync('strace', [...tracer, ...words], { stdio: ['ignore', 'pipe', 'ignore'] }).status).toBe(0);
      const calls = fs.readFileSync(trace, 'utf8').replaceAll(place.root, '').split('\n');
      const last = (call: RegExp) => calls.findLastIndex((line) => call.test(line));
      const moments = {
        'content is written': last(/write(64)?\(\d+<\/tmp\/staged-/),
        'it is flushed': calls.findIndex((line) => line.includes('syncfs(')),
        'it comes into the store': last(/rename\("\/tmp\/staged-[^"]*[^z]", "\/store\/site\/1/),
        'the store is flushed': last(/fsync\(\d+<\/store\/site>/),
        'configuration is flushed': last(/syncfs\(/),
        'the generation is written': last(/write(64)?\(\d+<\/tmp\/generation-1\/\.generation\.json/),
        'it is flushed as well': last(/fsync\(\d+<\/tmp\/generation-1\/\.generation\.json/),
        'it gets its place': last(/rename\("\/tmp\/generation-1"/),
        'its place is flushed': last(/fsync\(\d+<\/generations>/),
        'current is switched': last(/rename\("[^"]*", "\/current"/),
        'the switch is flushed': last(/fsync\(\d+<\/?>/),
        'COMMIT is written': last(/write(64)?\(\d+<\/transactions\/1\/journal\.jsonl>.*COMMIT/),
        'COMMIT is flushed': last(/fsync\(\d+<\/transactions\/1\/journal\.jsonl>/),
        'success is told': last(/write\(1<.*committed/),
      };
      expect(Object.values(moments)).not.toContain(-1);
      expect(Object.entries(moments).toSorted(([, a], [, b]) => a - b)).toEqual(Object.entries(moments));
    } finally {
      leave(place);
    }
  });
});
