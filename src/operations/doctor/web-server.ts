import path from 'node:path';
import { type Finding, filesBelow, type Look, textAt } from './ground.ts';

/** Settings by which a web server refuses to follow `current`, a link. */
const REFUSALS = [
  {
    folder: 'etc/nginx',
    pattern: /^[^#\n]*\bdisable_symlinks\s+(?:on|if_not_owner)\b[^;\n]*;/m,
    fix: 'disable_symlinks off;',
  },
  {
    folder: 'etc/apache2',
    pattern: /^[^#\n]*\bOptions\b[^\n]*(?:-FollowSymLinks|SymLinksIfOwnerMatch)/im,
    fix: 'Options +FollowSymLinks',
  },
  {
    folder: 'etc/httpd',
    pattern: /^[^#\n]*\bOptions\b[^\n]*(?:-FollowSymLinks|SymLinksIfOwnerMatch)/im,
    fix: 'Options +FollowSymLinks',
  },
] as const;

/** Web servers of the machine that serve this root, and may not follow links. */
export const webServer: Look = {
  fine: 'no web server that serves this root refuses to follow links',
  find({ layout, machine }) {
    return REFUSALS.flatMap(({ folder, pattern, fix }): readonly Finding[] => {
      const texts = filesBelow(path.join(machine, folder)).map((file) => ({ file, text: textAt(file) }));
      if (!texts.some(({ text }) => text.includes(layout.root))) return [];
      return texts
        .filter(({ text }) => pattern.test(text))
        .map(({ file, text }) => ({
          message: `${file} forbids following links, and current is one: ${pattern.exec(text)?.[0].trim()}`,
          fix: `write there: ${fix}`,
        }));
    });
  },
};
