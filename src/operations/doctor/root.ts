import fs from 'node:fs';
import path from 'node:path';
import { quoted } from '../../model/index.ts';
import { readPolicy } from '../../store/index.ts';
import { freeSpace, mountPoint } from '../../system/index.ts';
import { configStates } from '../config/states.ts';
import { readCurrent } from '../facts/read-current.ts';
import { isOpen, readTransactions } from '../facts/read-transactions.ts';
import { runningChange } from '../facts/running-change.ts';
import { verify } from '../mend/verify.ts';
import type { Look } from './ground.ts';

/** `current` and the record of its generation. */
export const pointer: Look = {
  fine: 'current leads to a generation that is there',
  find({ layout }) {
    readCurrent(layout);
    return [];
  },
};

/** What the operator decided for the root: without it nothing can be changed. */
export const policy: Look = {
  fine: 'the policy of the root can be read',
  find({ layout }) {
    readPolicy(layout);
    return [];
  },
};

/** An interrupted change that nobody has finished. */
export const transaction: Look = {
  fine: 'no change was cut short',
  find({ layout }) {
    if (runningChange(layout) !== null) return [];
    return readTransactions(layout)
      .filter(isOpen)
      .map(({ id, journal }) => ({
        message: `transaction ${id} (${journal.begin?.command ?? 'unknown'}) was cut short`,
        fix: 'pkg recover',
      }));
  },
};

/** What was shipped, and the links to it. */
export const files: Look = {
  fine: 'every installed file is as shipped',
  async find({ layout }) {
    // The pointer has a name of its own.
    const damage = (await verify(layout.root, { all: false })).damage.filter(({ path: place }) => place !== 'current');
    const [first] = damage;
    if (first === undefined) return [];
    const place = first.bundle === null ? first.path : `${first.bundle}: ${first.path}`;
    const more = damage.length === 1 ? '' : ` (and ${damage.length - 1} more)`;
    return [{ message: `not as shipped: ${place} (${first.change})${more}`, fix: 'pkg verify --repair' }];
  },
};

/** Conflicts in configuration that nobody has decided. */
export const configuration: Look = {
  fine: 'no configuration file waits for a decision',
  find({ layout, generation }) {
    if (generation === null) return [];
    return Object.keys(generation.config).flatMap((name) => {
      const waiting = configStates(layout, generation, name).filter(({ state }) => state === 'waiting');
      if (waiting.length === 0) return [];
      const named = waiting.map(({ file }) => file).join(', ');
      return [
        { message: `${name} has configuration that waits for a decision: ${named}`, fix: `pkg config merge ${name}` },
      ];
    });
  },
};

const LEAST_BYTES = 256 * 1024 * 1024;
const LEAST_INODES = 1_000;

/** Room for the next change. */
export const space: Look = {
  fine: 'there is room on the disk',
  find({ layout }) {
    const { bytes, inodes } = freeSpace(layout.root);
    const place = mountPoint(layout.root);
    if (bytes < LEAST_BYTES) {
      return [{ message: `only ${Math.floor(bytes / 1024 / 1024)} MiB are free on ${place}`, fix: 'pkg gc --keep 1' }];
    }
    return inodes < LEAST_INODES
      ? [{ message: `only ${inodes} inodes are free on ${place}`, fix: 'pkg gc --keep 1' }]
      : [];
  },
};

/** statfs(2): tmpfs and ramfs. */
const IN_MEMORY: readonly number[] = [0x01021994, 0x858458f6];

/** A root that does not survive the next boot. */
export const memory: Look = {
  fine: 'the root lies on a disk',
  find({ layout: { root } }) {
    if (!IN_MEMORY.includes(fs.statfsSync(root).type)) return [];
    return [
      {
        message: `${root} lies in memory: a restart of the machine loses it`,
        fix: `move it to a disk: cp -a ${quoted(root)} DISK`,
      },
    ];
  },
};

/** Certificates, logs and trials go by the clock. */
export const clock: Look = {
  fine: 'the clock and its zone are set',
  find({ layout, machine }) {
    const last = readTransactions(layout).at(-1);
    const began = last?.journal.begin?.startedAt;
    const isBehind = began !== undefined && Date.parse(began) > Date.now();
    const zone = path.join(machine, 'etc/localtime');
    const hasNoZone = fs.lstatSync(zone, { throwIfNoEntry: false }) !== undefined && !fs.existsSync(zone);
    return [
      ...(isBehind
        ? [
            {
              message: `transaction ${last?.id} began at ${began}, which the clock has not reached`,
              fix: 'timedatectl set-ntp true',
            },
          ]
        : []),
      ...(hasNoZone ? [{ message: `${zone} leads to no time zone`, fix: 'timedatectl set-timezone UTC' }] : []),
    ];
  },
};
