import { describe, expect, test } from 'vitest';
import { checkVersion, compareVersions, inRange, isPrerelease, isRange } from '../../src/model/index.ts';

describe('a version in our form', () => {
  test.each([
    '1.0.0',
    '1.0.0+2',
    '1.0.0-rc1',
    '2.0.0-alpha.1+5',
    '1.0.0-0.3.7',
    '1.0.0-r1.beta',
    '0.0.1',
    '20110105.0.0',
  ])('%s is taken as it is', (text) => {
    expect(checkVersion(text)).toBeNull();
  });

  test.each([
    ['1.26-10', '1.26.0+10'],
    ['2011.1', '2011.1.0'],
    ['2011.01.05', '2011.1.5'],
    ['5.6.1-5', '5.6.1+5'],
    ['1:2.3-4', '2.3.0+4'],
    ['1:2.4.57~rc1-2+deb12u1', '2.4.57-rc1+2.deb12u1'],
    ['v1.2.3', '1.2.3'],
    ['7', '7.0.0'],
    ['1.2.3.4', '1.2.3+4'],
    ['1.0~rc1', '1.0.0-rc1'],
    ['1.0rc1', '1.0.0-rc1'],
    ['1.0-beta2', '1.0.0-beta2'],
    [' 1.0.0', '1.0.0'],
    ['2.4.6-93.el7', '2.4.6+93.el7'],
    ['2.4.1-1ubuntu2', '2.4.1+1ubuntu2'],
    ['2.4.7-r3', '2.4.7+3'],
    ['9.3p1', '9.3.0+p1'],
    ['0.9.8zh', '0.9.8+zh'],
    ['1.0b2', '1.0.0-b2'],
    ['5.005_03', '5.5.0+03'],
    ['1.2.3_4,1', '1.2.3+4.1'],
    ['1.0.0.Final', '1.0.0+Final'],
    ['1.2.x', null],
    ['1.2.3-', null],
    ['R14B01', null],
    ['', null],
    ['latest', null],
  ])('%j of another system is refused, and %s is what to write', (text, write) => {
    expect(checkVersion(text)?.write).toBe(write);
  });

  test('a numeric prerelease is told to be a rebuild in disguise', () => {
    expect(checkVersion('5.6.1-5')?.problem).toBe(
      "'5.6.1-5' is a prerelease below 5.6.1, probably meant as a rebuild of it",
    );
  });

  test('what is advised is itself taken', () => {
    for (const text of [
      '1.26-10',
      '5.6.1-5',
      '1:2.4.57~rc1-2+deb12u1',
      '1.2.3.4',
      '1.0rc1',
      '9.3p1',
      '2.4.6-93.el7',
      '1.0b2',
    ]) {
      expect(checkVersion(checkVersion(text)?.write ?? '')).toBeNull();
    }
  });
});

describe('the order of versions', () => {
  test('goes from prereleases to releases to rebuilds, by number', () => {
    const sorted = ['1.0.0-rc1', '1.0.0-rc2', '1.0.0', '1.0.0+1', '1.0.0+2', '1.0.0+10', '1.0.1', '1.10.0', '2.0.0'];
    expect(sorted.toReversed().toSorted(compareVersions)).toEqual(sorted);
  });
});

describe('ranges', () => {
  test.each([
    ['1.0.0+2', '1.0.0', true],
    ['1.0.0+2', '=1.0.0+1', true],
    ['1.27.0', '>=1.26 <2', true],
    ['5.8.0', '<5.8', false],
    ['5.8.0', '^5.6 || ~4.1', true],
    ['2.0.0-rc1', '>=1', false],
    ['2.0.0-rc2', '>=2.0.0-rc1', true],
    ['2.0.0-rc1', '*', true],
    ['1.0.0', 'nonsense', false],
  ])('%s in %s: %s', (version, range, expected) => {
    expect(inRange(version, range)).toBe(expected);
  });

  test('nonsense is no range', () => {
    expect(['>=1 <2', '1.x || 2.x', '*', '^1.2'].every(isRange)).toBe(true);
    expect(['nonsense', '>=R14B01'].some(isRange)).toBe(false);
  });

  test('a build number alone makes no prerelease', () => {
    expect([isPrerelease('1.0.0-rc1'), isPrerelease('1.0.0+1-2')]).toEqual([true, false]);
  });
});
