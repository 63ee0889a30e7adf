import type { Template } from './template.ts';

/** A program without a port, kept by systemd. */
export const systemdTemplate: Template = {
  shows: 'a program that works on its own, kept by systemd',
  manifest: {
    description: 'A worker that systemd keeps',
    settings: { seconds: { type: 'number', default: 60, prompt: 'Seconds between two rounds', min: 1 } },
    checks: [{ name: 'syntax', run: ['sh', '-n', 'bin/{name}'] }],
    services: {
      worker: { manager: 'systemd', start: ['bin/{name}', '${setting.seconds}'], ready: { log: '^ready$' } },
    },
  },
  files: {
    'bin/{name}': [
      '#!/bin/sh',
      '# A shell takes a signal only between two commands, or while it waits.',
      "trap 'kill $! 2>/dev/null; exit 0' TERM",
      'echo ready',
      'while :; do',
      '  sleep "$1" &',
      '  wait $!',
      '  echo "one more round"',
      'done',
      '',
    ].join('\n'),
  },
};
