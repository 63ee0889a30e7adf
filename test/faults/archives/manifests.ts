import type { Row } from '../../bundle/raw-archive.ts';
import { type ArchiveCase, bent, changeRow, shown, type Verdict } from './archive-case.ts';

const NAMES = ['', '.', '..', '../x', 'a/b', '/etc', 'A', 'a b', 'a\0b', '-rf', 'a\nb', 'é', 'x'.repeat(300), 7, null];

const VERSIONS = ['', '1', '1.0', '01.0.0', '1.0.0-', '../1.0.0', '1.0.0/x', 'latest', '1.0.0\n', 'v1.0.0', 1, null];

const KEYS: readonly (readonly [key: string, value: unknown])[] = [
  ['bin', { '../x': 'bin/run' }],
  ['bin', { x: '../../bin/sh' }],
  ['bin', { x: '/bin/sh' }],
  ['bin', 'bin/run'],
  ['hooks', { preinstall: '../x' }],
  ['hooks', { preinstall: '/bin/sh' }],
  ['hooks', { whenever: 'bin/run' }],
  ['hooks', []],
  ['config', [{ path: '../../etc/passwd' }]],
  ['config', [{ path: '/etc/passwd' }]],
  ['config', 'etc'],
  ['links', { 'relative/place': 'lib/a' }],
  ['requires', 'perl'],
  ['requires', { '../x': '1' }],
  ['requires', { perl: 'newest please' }],
  ['services', { '../x': { command: ['bin/run'] } }],
  ['services', 7],
  ['settings', 'none'],
  ['data', 'x'],
  ['__proto__x', {}],
  ['constructor', {}],
  ['files2', []],
];

const ROWS: readonly (readonly [change: Row, verdict: Verdict])[] = [
  [{ sha256: '' }, 'file-table'],
  [{ sha256: 'A'.repeat(64) }, 'file-table'],
  [{ sha256: '0'.repeat(63) }, 'file-table'],
  [{ sha256: '0'.repeat(65) }, 'file-table'],
  [{ sha256: null }, 'file-table'],
  [{ sha256: '0'.repeat(64) }, 'sha256-mismatch'],
  // SHA-256 of nothing
  [{ sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' }, 'sha256-mismatch'],
  [{ size: -1 }, 'file-table'],
  [{ size: 1.5 }, 'file-table'],
  [{ size: '3' }, 'file-table'],
  [{ size: 1e300 }, 'file-table'],
  [{ size: 9 * 1024 ** 3 }, 'too-large'],
  [{ size: 0 }, 'size-mismatch'],
  [{ mode: '0777' }, 'file-table'],
  [{ mode: '4755' }, 'file-table'],
  [{ mode: 420 }, 'file-table'],
  [{ mode: '0755' }, 'mode-mismatch'],
  [{ type: 'device' }, 'file-table'],
  [{ type: 'link' }, 'file-table'],
  [{ target: 'c' }, 'file-table'],
  [{ uid: 0 }, 'file-table'],
  [{ path: 7 }, 'file-table'],
  [{ path: null }, 'file-table'],
];

/** What the manifest says of itself, and what its table says of the files. */
export const MANIFESTS: readonly ArchiveCase[] = [
  ...NAMES.map((name) => wrong('name', name)),
  ...VERSIONS.map((version) => wrong('version', version)),
  ...KEYS.map(([key, value]) => wrong(key, value)),
  ...ROWS.map(([change, verdict]) =>
    bent(`a row says ${shown(JSON.stringify(change))}`, verdict, changeRow('lib/a', change)),
  ),
];

function wrong(key: string, value: unknown): ArchiveCase {
  return bent(`${key} is ${shown(JSON.stringify(value))}`, 'manifest-content', (bundle) => {
    bundle.manifest = { ...bundle.manifest, [key]: value };
  });
}
