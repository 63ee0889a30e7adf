import fs from 'node:fs';

/** Where the file system of `file` is mounted. Two mounts allow no rename between them, not even two of one disk. */
export function mountPoint(file: string): string {
  const real = fs.realpathSync(file);
  const above = mountPoints().filter((point) => real === point || real.startsWith(point === '/' ? '/' : `${point}/`));
  return above.toSorted((a, b) => b.length - a.length)[0] ?? '/';
}

/** proc_pid_mountinfo(5): the fifth field, in which blanks and the like are written as `\040`. */
function mountPoints(): readonly string[] {
  return fs
    .readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[4] ?? [])
    .map((point) => point.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))));
}
