import { z } from 'zod';
import { missingForTraffic, type TrafficWay } from '../../model/index.ts';
import { argvWord, durationWord, nameWord, pathWord, portWord, signalWord, variables } from './schema-words.ts';

const onChange = z.enum(['none', 'reload', 'replace', 'restart']);

const probeKinds = ['http', 'tcp', 'command', 'file', 'log'] as const;

const ready = z
  .strictObject({
    http: z.string().describe('this address answers'),
    tcp: z.union([z.string(), portWord], { error: 'a port, or HOST:PORT' }).describe('this port accepts a connection'),
    command: argvWord.describe('this command ends with 0'),
    file: z.string().describe('this file exists'),
    log: z.string().describe('a new line of the log matches this regular expression'),
    send: z.record(z.string(), z.string()).describe('HTTP headers to ask with, such as the host'),
    status: z.int().min(100).max(599).describe('the HTTP status to see; default 200'),
    header: z.record(z.string(), z.string()).describe('HTTP headers to see, such as the version that answers'),
    body: z.string().describe('text to see in the HTTP answer'),
    timeout: durationWord.describe('how long to wait; default 30s'),
    soak: durationWord.describe('how long it must then stay healthy; default 0s'),
  })
  .partial()
  .refine((probe) => probeKinds.filter((kind) => probe[kind] !== undefined).length === 1, {
    error: 'a probe is exactly one of http, tcp, command, file, log',
  })
  .describe('when the service counts as ready');

const reload = z
  .strictObject({
    signal: signalWord.describe('the signal to send'),
    command: argvWord.describe('or a command to run'),
    timeout: durationWord.describe('how long it may take'),
  })
  .partial()
  .refine((way) => (way.signal === undefined) !== (way.command === undefined), {
    error: 'a reload is either a signal or a command',
  })
  .describe('makes the running service read its files again');

const traffic = z
  .strictObject({
    adapter: z.enum(['nginx', 'haproxy']).describe('the proxy in front of it'),
    file: z
      .string()
      .regex(/^[/$]/, 'the file is an absolute path')
      .optional()
      .describe('what `replace` writes: for nginx a file of its configuration, for HAProxy that of its server states'),
    upstream: z
      .string()
      .regex(/^[A-Za-z0-9_.-]+$/, 'an upstream is letters, digits and _ . -')
      .optional()
      .describe('for nginx: the name of the upstream in that file; default BUNDLE-SERVICE'),
    command: argvWord.optional().describe('for nginx: how it is called; default nginx'),
    socket: z.string().min(1).optional().describe('for HAProxy: its runtime socket'),
    backend: z
      .string()
      .min(1)
      .optional()
      .describe('for HAProxy: the backend that has a server for each of the two ports'),
    preview: z
      .string()
      .regex(/^[/$]/, 'the files of a preview begin with an absolute path')
      .optional()
      .describe('for HAProxy: how the two files begin that name the clients of a preview'),
    arrives: ready.describe('asked at the public address after the move, until the new version answers').optional(),
    drain: durationWord.optional().describe('how long old connections may last; default 60s'),
  })
  .superRefine((way, context) => {
    for (const key of missingForTraffic(way as TrafficWay)) {
      context.addIssue({ code: 'custom', message: `the adapter ${way.adapter} needs '${key}'` });
    }
  });

const maintenance = z
  .strictObject({
    start: argvWord.describe('another command, which serves a page instead; started after the service has stopped'),
    page: z
      .string()
      .min(1)
      .describe('the address at which pkg shows its own page at the port of the service; `*` for all'),
  })
  .partial()
  .refine((way) => (way.start === undefined) !== (way.page === undefined), {
    error: 'what stands in during maintenance is either a start or a page',
  })
  .describe('what answers at its port while it is down for maintenance');

/** One entry of `services`; docs/services.md describes each key. */
export const serviceSchema = z
  .strictObject({
    manager: z.enum(['process', 'command', 'systemd', 'runit']).describe('what keeps the process; default process'),
    start: argvWord.describe('the command that is the service'),
    status: argvWord.describe('for the manager `command`: ends with 0 while the service runs'),
    env: variables.describe('variables for this service'),
    user: z.string().min(1).describe('the user it runs as'),
    group: z.string().min(1).describe('the group it runs as'),
    ports: z.array(portWord).min(1).describe('its ports; the second serves `replace` and staged checks'),
    stop: z
      .strictObject({
        signal: signalWord.describe('the signal to send'),
        command: argvWord.describe('or a command to run'),
        timeout: durationWord.describe('after this time it is killed'),
      })
      .partial()
      .describe('how it is stopped; default SIGTERM, 30s'),
    reload,
    control: pathWord.describe(
      'the program for call, suspend, resume, migrate and config in the live service; `pkg:NAME` is ready-made',
    ),
    ready,
    log: z.strictObject({
      path: z.string().min(1).describe('the log of the service'),
      mustNotMatch: z.string().optional().describe('a regular expression that no new line may match'),
    }),
    path: z
      .enum(['exact', 'current'])
      .describe('started from its own store folder, or through the pointer; default exact'),
    needs: z.array(z.string().min(1)).describe('services that must be ready before; default from depends'),
    forks: z.boolean().describe('the program puts itself into the background'),
    notify: z.boolean().describe('the program tells systemd itself when it is ready (sd_notify)'),
    socket: z
      .string()
      .min(1)
      .describe(
        'for the manager `systemd`: the address it listens on itself and hands over, so that a restart loses no connection',
      ),
    pidFile: z.string().min(1).describe('where a program that forks writes its pid'),
    supersedes: z.array(z.string().min(1)).describe('units of the distribution that it takes the place of'),
    traffic,
    maintenance,
    autostart: z.boolean().describe('started when first installed; default true'),
    onUpgrade: onChange.describe('what happens when no upgrade path says more; default restart'),
    onDependency: z.record(nameWord, onChange).describe('what happens when only a dependency changes'),
    critical: z.boolean().describe('whether a change fails when it does not become ready; default true'),
  })
  .partial()
  .superRefine((service, context) => {
    if (service.start !== undefined || service.manager === 'systemd') return;
    context.addIssue({
      code: 'custom',
      message: "a service needs 'start'",
      params: { hint: 'add "start": ["bin/…"]' },
    });
  });
