import { quoted } from '../model/index.ts';
import { isValue } from './unparsed.ts';

/** What is typed at other tools, and the beginning of the same with this one. The first that fits counts. */
const HABITS: readonly (readonly [typed: RegExp, ours: string])[] = [
  // apt, dnf, zypper, apk, npm
  [/^(update|dist-upgrade|full-upgrade|distro-sync)$/, 'upgrade'],
  [/^(add|reinstall|deploy|localinstall)$/, 'install'],
  [/^(uninstall|erase|delete|del|rm|un)$/, 'remove'],
  [/^purge$/, 'remove --purge'],
  [/^(show|describe)$/, 'info'],
  [/^(ls|query|search|packages|ps)$/, 'list'],
  [/^(contents|listfiles|filelist)$/, 'files'],
  [/^(which|provides|whatprovides|belongs)$/, 'owner'],
  [/^(rdepends|whatrequires|depends|whatdepends)$/, 'why'],
  [/^(undo|revert|back)$/, 'rollback'],
  [/^(hold|lock|versionlock)$/, 'pin'],
  [/^(unhold|unlock)$/, 'unpin'],
  [/^(clean|autoclean|cleanup|prune)$/, 'gc'],
  [/^(fix|repair)$/, 'verify --repair'],
  [/^(check|audit|fsck)$/, 'verify'],
  [/^(pack|create|makepkg)$/, 'build'],
  [/^(simulate|preview)$/, 'plan'],
  [/^(confirm|keep)$/, 'commit'],
  [/^(reconfigure|set)$/, 'settings set'],
  // systemctl, service, apachectl
  [/^(start|stop|restart|reload|enable|disable)$/, 'service $1'],
  [/^(graceful|force-reload)$/, 'service reload'],
  [/^(journal|log|tail)$/, 'logs'],
  // rpm; before dpkg, where one letter means another thing
  [/^-qa[a-z]*$/, 'list'],
  [/^-q[a-z]*p[a-z]*$/, 'inspect'],
  [/^-ql$/, 'files'],
  [/^-qf$/, 'owner'],
  [/^-qi$/, 'info'],
  [/^(-[UF][vh]*|-i[vh]*|--install|--upgrade)$/, 'install'],
  [/^(-e[v]*|--erase|-r|--remove|-R)$/, 'remove'],
  [/^(-R[cns]+)$/, 'remove --unused'],
  [/^(-V[a]*|--verify)$/, 'verify'],
  // dpkg and pacman
  [/^(-P|--purge)$/, 'remove --purge'],
  [/^(--configure|--audit)$/, 'recover'],
  [/^(-l|--list|-Q)$/, 'list'],
  [/^(-L|--listfiles|-Ql)$/, 'files'],
  [/^(-S|--search|-Qo)$/, 'owner'],
  [/^(-s|--status|-Qi)$/, 'info'],
  [/^(-I|-c|--info|--contents)$/, 'inspect'],
  [/^-Sy*u+$/, 'upgrade'],
];

/** The whole command line as it would be with this tool, or null where nobody could mean anything. */
export function inOurWords(words: readonly string[]): string | null {
  for (const [at, word] of words.entries()) {
    const [typed, ours] = HABITS.find(([habit]) => habit.test(word)) ?? [];
    if (typed === undefined || ours === undefined || isValue(words[at - 1])) continue;
    const rest = [...words.slice(0, at), ...words.slice(at + 1)].filter(
      (other) => other !== '-a' || ours !== 'recover',
    );
    const all = /^service (?!status)/.test(word.replace(typed, ours)) && rest.length === 0 ? ['--all'] : [];
    return ['pkg', word.replace(typed, ours), ...rest.map(quoted), ...all].join(' ');
  }
  return null;
}
