import fs from 'node:fs';
import path from 'node:path';
import { quoted, serviceTitle } from '../../model/index.ts';
import type { Layout } from '../../store/index.ts';
import { userName } from '../../system/index.ts';
import { filesBelow, type Look, textAt } from './ground.ts';

/** Where the init of a machine, whichever it is, may be told to start something. */
const PLACES = [
  'etc/crontab',
  'etc/cron.d',
  'etc/rc.local',
  'etc/init.d',
  'etc/init',
  'etc/inittab',
  'etc/runit',
  'etc/sv',
  'etc/systemd/system',
  'var/spool/cron',
];

/** Services whose manager does not start them after a boot need something else that does. */
export const bootLine: Look = {
  fine: 'what should come up after a boot does',
  find({ services, layout, machine }) {
    const needing = services.filter(
      ({ record }) => record !== null && record.enabled && ['process', 'command'].includes(record.manager),
    );
    const [first] = needing;
    if (first === undefined || isStarted(machine, layout.root)) return [];
    const more = needing.length === 1 ? '' : ` and ${needing.length - 1} more`;
    const line = `@reboot ${userName(ownerOf(layout))} pkg --root ${quoted(layout.root)} service start --all --boot`;
    return [
      {
        message: `nothing starts ${serviceTitle(first.name)}${more} after a boot`,
        fix: `echo ${quoted(line)} > ${quoted(path.join(machine, 'etc/cron.d/pkg'))}`,
      },
    ];
  },
};

/** Only the owner may change the root. */
function ownerOf({ identity }: Layout): number {
  return fs.statSync(identity).uid;
}

function isStarted(machine: string, root: string): boolean {
  return PLACES.map((place) => path.join(machine, place))
    .flatMap((place) => [place, ...filesBelow(place)])
    .flatMap((file) => textAt(file).match(/^[^#\n]*\bservice start\b[^\n]*--boot\b.*$/gm) ?? [])
    .some((line) => startsRoot(line, root));
}

/** A line may start the services of another root; a line that names no root takes it from its environment. */
function startsRoot(line: string, root: string): boolean {
  return !/--root\b/.test(line) || new RegExp(`--root[ =]["']?${RegExp.escape(root)}/?(["'\\s]|$)`).test(line);
}
