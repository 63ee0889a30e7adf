import path from 'node:path';
import { type Manager, serviceTitle } from '../../model/index.ts';
import { lookAtSuperseded } from '../../service/index.ts';
import { generationNumbers } from '../../store/index.ts';
import { readableGeneration } from '../facts/read-current.ts';
import { serviceLeftovers } from '../service/leftovers.ts';
import { type Finding, filesBelow, type Look } from './ground.ts';

/** Services that should run but do not. */
export const services: Look = {
  fine: 'every service stands as it was left',
  find({ services: all }) {
    return all.flatMap(({ name, condition }) => {
      const title = serviceTitle(name);
      if (condition.state === 'dead') {
        return [{ message: `${title} was started and is gone`, fix: `pkg service start ${title}` }];
      }
      if (condition.state !== 'foreign') return [];
      return [
        { message: `${title}: ${condition.because ?? 'its process is not ours'}`, fix: `pkg service restart ${title}` },
      ];
    });
  },
};

/** What services left behind that no generation has. */
export const records: Look = {
  fine: 'every record of a service belongs to an installed one',
  async find({ layout }) {
    const generations = generationNumbers(layout).flatMap((number) => readableGeneration(layout, number) ?? []);
    const { records: stale, running } = await serviceLeftovers(layout, generations);
    return [
      ...stale.map((file) => ({ message: `${path.basename(file)} belongs to a service that is gone`, fix: 'pkg gc' })),
      ...running.map((file) => ({
        message: `the process in ${path.basename(file)} still runs, but nothing declares it`,
        fix: `end the process that ${file} names`,
      })),
    ];
  },
};

const GET: Readonly<Record<Manager, string>> = {
  process: 'pkg service status',
  command: 'pkg service status',
  systemd: 'start the machine with systemd, or declare another manager',
  runit: 'apt install runit',
};

/** Managers that services name but this machine does not have. */
export const managers: Look = {
  fine: 'the managers of all services are there',
  find({ around: { unusableManagers } }) {
    return [...unusableManagers].map(([manager, why]) => ({
      message: `services are kept by ${manager}, but ${why}`,
      fix: GET[manager],
    }));
  },
};

/** Ports that another program has. */
export const ports: Look = {
  fine: 'no stranger listens on a port of ours',
  find({ services: all, around: { listeners } }) {
    return all.flatMap(({ name, declared }) =>
      (declared.ports ?? []).flatMap((port) => {
        const listener = listeners.get(port);
        if (listener === undefined || listener.ours !== null) return [];
        const { pid, command } = listener;
        return [
          {
            message: `port ${port} of ${serviceTitle(name)} is taken by ${pid === null ? command : `pid ${pid} (${command})`}`,
            fix: pid === null ? `ss -ltnp sport = :${port}` : `if it may go: kill ${pid}`,
          },
        ];
      }),
    );
  },
};

/** A second starter of the same service: after the next boot the wrong one may have the port. */
export const starters: Look = {
  fine: 'nobody else starts a service of ours',
  async find({ services: all, around: { foreignUnits }, machine }) {
    const foreign = [...foreignUnits].map(([title, file]) => ({
      message: `${file} starts ${title} too, and was not made by pkg`,
      fix: `rm ${file}`,
    }));
    const named = all.flatMap(({ name, declared }) =>
      (declared.supersedes ?? []).map((unit) => ({ unit, title: serviceTitle(name) })),
    );
    const known = await lookAtSuperseded(named.map(({ unit }) => unit));
    const found = named.flatMap(({ unit, title }): readonly Finding[] => {
      const now = known.find((one) => one.unit === unit);
      const message = `${unit} of the distribution starts the same as ${title}`;
      if (now?.wasActive === true || now?.wasEnabled === true || isWanted(unit, machine)) {
        return [{ message, fix: `systemctl disable --now ${unit}` }];
      }
      const script = scriptFor(unit, machine);
      return script === undefined
        ? []
        : [{ message: `${script} starts the same as ${title}`, fix: `update-rc.d ${bare(unit)} disable` }];
    });
    return [...foreign, ...found];
  },
};

function isWanted(unit: string, machine: string): boolean {
  const wanted = filesBelow(path.join(machine, 'etc/systemd/system'));
  return wanted.some((file) => path.basename(file) === unit && path.dirname(file).endsWith('.wants'));
}

/** `S02nginx` in a runlevel: what init without systemd starts. Where systemd is at hand, its unit counts. */
function scriptFor(unit: string, machine: string): string | undefined {
  return [2, 3, 4, 5]
    .flatMap((level) => filesBelow(path.join(machine, `etc/rc${level}.d`)))
    .find((file) => /^S\d\d/.test(path.basename(file)) && path.basename(file).slice(3) === bare(unit));
}

function bare(unit: string): string {
  return unit.replace(/\.service$/, '');
}
