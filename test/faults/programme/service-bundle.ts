import { makeBundle } from '../../crash/make-bundle.ts';
import type { Place } from '../../crash/place.ts';

/** Answers its version in a header; on SIGHUP that of the folder behind its own, or what its control program left. Up in milliseconds. */
const SERVER = `#!/usr/bin/perl
use strict; use IO::Socket::INET;
my $version = $ENV{PKG_VERSION};
sub text { open(my $file, '<', $_[0]) or return; my $line = <$file>; chomp $line; $line }
$SIG{HUP} = sub { $version = text("$ENV{PKG_DATA_DIR}/live") // text("$ENV{PKG_BUNDLE_DIR}/lib/deep/version.txt") };
my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $ARGV[0], Listen => 16, ReuseAddr => 1) or die $!;
while (1) {
  my $client = $listener->accept or next;
  while (<$client>) { last if /^\\r?$/ }
  print $client "HTTP/1.0 200 OK\\r\\nx-version: $version\\r\\ncontent-length: 0\\r\\n\\r\\n";
  close $client;
}
`;

/** Tells the living server its new version, and says yes when the server says so itself. Back at its own it needs no note. */
const CONTROL = `#!/usr/bin/perl
use strict; use IO::Socket::INET;
my $question = join '', <STDIN>;
my ($to, $pid, $port, $data) = map { $question =~ /"$_":"?([^",}]+)/ ? $1 : '' } qw(to pid port dataDir);
open(my $environ, '<', "/proc/$pid/environ") or die $!;
if (join('', <$environ>) =~ /\\bPKG_VERSION=\\Q$to\\E\\0/) { unlink "$data/live" }
else { open(my $live, '>', "$data/live") or die $!; print $live "$to\\n"; close $live }
kill 'HUP', $pid;
for (1 .. 200) {
  my $server = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port);
  if ($server) { print $server "GET / HTTP/1.0\\r\\n\\r\\n"; if (join('', <$server>) =~ /x-version: \\Q$to\\E\\r/) { print qq({"ok":true}\\n); exit 0 } }
  select undef, undef, undef, 0.02;
}
print qq({"ok":false,"error":"the server does not say $to"}\\n);
`;

/** A migration that leaves a trace in the data, and takes it away on the way back. */
export const MIGRATE = `#!/bin/sh
if [ "$1" = up ]; then echo 2 > "$PKG_DATA_DIR/format"; else rm -f "$PKG_DATA_DIR/format"; fi
`;

const RUN = { run: 'bin/migrate', undo: 'bin/migrate' };

/** Way -> the declared steps between the two versions. */
export const WAYS: Readonly<Record<string, readonly object[]>> = {
  hot: [RUN, { call: 'server' }],
  reload: [RUN, { reload: 'server' }],
  restart: [RUN, { restart: 'server' }],
  replace: [RUN, { replace: 'server' }],
  'stop-and-start': [{ stop: 'server' }, { migrate: 'bin/migrate' }, { start: 'server' }],
};

export const WAY_NAMES = Object.keys(WAYS);

/** `web` with a service that goes this way from 1.0.0 to 2.0.0. */
export function makeServiceBundle(
  place: Place,
  version: string,
  way: string,
  ports: readonly number[],
): Promise<string> {
  const steps = WAYS[way] ?? [];
  return makeBundle(place, {
    name: 'web',
    version,
    files: { 'bin/serve': SERVER, 'bin/ctl': CONTROL, 'bin/migrate': MIGRATE },
    manifest: {
      data: { directory: true },
      services: {
        server: {
          start: ['bin/serve', '${port}'],
          ports,
          autostart: false,
          control: 'bin/ctl',
          ready: { http: 'http://127.0.0.1:${port}/', header: { 'x-version': '${version}' }, timeout: '20s' },
          ...(way === 'reload' ? { path: 'current', reload: { signal: 'SIGHUP' } } : {}),
        },
      },
      ...(version === '2.0.0' ? { upgrade: { up: [{ from: '1.0.0', steps }], down: [{ to: '1.0.0', steps }] } } : {}),
    },
  });
}
