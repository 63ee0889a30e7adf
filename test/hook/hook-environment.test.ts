import { describe, expect, test } from 'vitest';
import { type HookFacts, hookEnvironment } from '../../src/hook/index.ts';

const facts: HookFacts = {
  name: 'web',
  version: '1.1.0',
  otherVersion: '1.0.0',
  action: 'upgrade',
  root: '/srv/app',
  bundleDir: '/srv/app/store/web/1.1.0-0123456789ab',
  configDir: '/srv/app/generations/8/etc/web',
  dataDir: '/srv/app/data/web',
  scratch: '/srv/app/transactions/12/scratch/web',
  generation: 8,
  transaction: '12',
  forced: ['lower', 'ignore-depends=perl'],
  settings: { port: 8080, 'log-level': 'info', tls: true },
  path: ['/srv/app/generations/8/bin'],
  home: '/root',
  env: { PERL5LIB: '/srv/app/lib', TZ: 'Europe/Berlin', PKG_NAME: 'mine' },
  node: '/usr/bin/node',
};

describe('the environment of a hook', () => {
  test('is complete and holds nothing else', () => {
    expect(hookEnvironment(facts)).toEqual({
      PATH: '/srv/app/generations/8/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: '/root',
      LANG: 'C.UTF-8',
      TZ: 'Europe/Berlin',
      PERL5LIB: '/srv/app/lib',
      PKG_SETTING_PORT: '8080',
      PKG_SETTING_LOG_LEVEL: 'info',
      PKG_SETTING_TLS: 'true',
      PKG_NAME: 'web',
      PKG_VERSION: '1.1.0',
      PKG_OTHER_VERSION: '1.0.0',
      PKG_ACTION: 'upgrade',
      PKG_ROOT: '/srv/app',
      PKG_BUNDLE_DIR: '/srv/app/store/web/1.1.0-0123456789ab',
      PKG_CONFIG_DIR: '/srv/app/generations/8/etc/web',
      PKG_DATA_DIR: '/srv/app/data/web',
      PKG_SCRATCH: '/srv/app/transactions/12/scratch/web',
      PKG_GENERATION: '8',
      PKG_TRANSACTION: '12',
      PKG_FORCED: 'lower ignore-depends=perl',
      PKG_NODE: '/usr/bin/node',
    });
  });

  test('names no other version on a first install, and the time zone is UTC unless the manifest says otherwise', () => {
    expect(hookEnvironment({ ...facts, otherVersion: null, env: {} })).toMatchObject({
      PKG_OTHER_VERSION: '',
      TZ: 'UTC',
    });
  });
});
