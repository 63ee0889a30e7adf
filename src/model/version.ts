import semver from 'semver';

/** Why a text is not a version, and what to write instead, if that can be told. */
export type VersionAdvice = { readonly problem: string; readonly write: string | null };

/** null when `text` is a version in our form (semver, a rebuild as `1.1.0+2`), else what is wrong with it. */
export function checkVersion(text: string): VersionAdvice | null {
  const parsed = semver.parse(text);
  // semver also takes a `v` in front and blanks around; ours is one form only, because it becomes a file name.
  if (parsed === null || /^v|\s/.test(text)) {
    return { problem: `'${text}' is not a semver version`, write: semverForm(text) };
  }
  // Debian's `5.6.1-5` reads as a prerelease *below* 5.6.1, while its author means a rebuild above it.
  const early = parsed.prerelease.join('.');
  if (REBUILD.test(early)) {
    const core = `${parsed.major}.${parsed.minor}.${parsed.patch}`;
    return {
      problem: `'${text}' is a prerelease below ${core}, probably meant as a rebuild of it`,
      write: `${core}+${[early.replace(/^r/, ''), ...parsed.build].join('.')}`,
    };
  }
  return null;
}

/** How Debian (`5`, `1ubuntu2`), Alpine (`r3`) and rpm (`93.el7`) count rebuilds. */
const REBUILD = /^(?:r?\d+|\d+(?:ubuntu|deb|build)\d.*|\d+\.(?:amzn|el|fc|mga|oe)\d.*)$/;

/** Total order: semver's, and `1.0.0` < `1.0.0+1` < `1.0.0+2` for rebuilds. */
export function compareVersions(a: string, b: string): -1 | 0 | 1 {
  return semver.compareBuild(a, b);
}

/** `2.0.0-rc1`: comes before 2.0.0 and is only for those who ask for it. */
export function isPrerelease(version: string): boolean {
  return semver.prerelease(version) !== null;
}

/**
 * Ranges ignore rebuilds. A prerelease is only inside a range that names a prerelease of the same three numbers, and
 * inside `*`, which asks for the bundle and not for a version.
 */
export function inRange(version: string, range: string): boolean {
  return semver.satisfies(version, range, { includePrerelease: isUnbounded(range) });
}

function isUnbounded(range: string): boolean {
  return semver.validRange(range) === '*';
}

/** Whether `text` is a range as `depends` takes it: `^1.2`, `>=2 <3`, `1.x || 2.x`, `*`. */
export function isRange(text: string): boolean {
  return semver.validRange(text) !== null;
}

/** Our form of a version of another system, or null if there is no sensible one. */
function semverForm(text: string): string | null {
  // epoch : numbers [~ or -] prerelease - revision, e.g. `1:2.4.57~rc1-2+deb12u1`, `v1.2.3`, `2011.1`, `1.26-10`, `9.3p1`
  const parts =
    /^\s*(?:\d+:)?v?(\d+(?:\.\d+)*)(?:[~.-]?((?:alpha|beta|pre|rc|dev)[0-9A-Za-z.]*)|([ab]\d+)|~([0-9A-Za-z.]+))?(?:[-+~_](.+?)|\.?((?!x$)[A-Za-z][0-9A-Za-z]*))?\s*$/i.exec(
      text,
    );
  if (parts === null) return null;
  const numbers = (parts[1] ?? '').split('.').map((digits) => digits.replace(/^0+(?=\d)/, ''));
  const core = [numbers[0], numbers[1] ?? '0', numbers[2] ?? '0'].join('.');
  const early = parts[2] ?? parts[3] ?? parts[4];
  const build = [...numbers.slice(3), ...((parts[5] ?? parts[6])?.split(/[^0-9A-Za-z]+/).filter(Boolean) ?? [])].join(
    '.',
  );
  const form = `${core}${early === undefined ? '' : `-${early}`}${build === '' ? '' : `+${build}`}`;
  return semver.valid(form) === null ? null : form;
}
