import fs from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { needs } from '../support/needs.ts';
import { until } from '../support/pkg.ts';
import { shellOver } from './mod-perl-ssh.ts';
import { allOf, BESIDE, DIES, inFile, modPerlShop, refusalOf, type Shop } from './mod-perl-world.ts';

const OLD = 'site 1.0.0 on mod_perl 1.26.0 on perl 5.6.1';
const NEW = OLD.replace('1.0.0', '1.1.0');

describe('while visitors are there', () => {
  needs('root', 'apache2', '/usr/lib/apache2/modules/mod_perl.so', '/usr/sbin/sshd', 'nginx', 'perl', 'ss');

  test('a release answers on the spare port before anybody sees it, and nobody notices that it comes or goes', async () => {
    const shop = await modPerlShop();
    await shop.open();
    const before = await shop.pid('site');
    const visitors = startVisitors(shop);
    await shop.ok('install', '--yes', await shop.make('site', '1.1.0', { edit: BESIDE }));
    expect(await shop.page()).toBe(NEW);
    expect(await shop.pid('site')).not.toBe(before);
    expect(await shop.isFree(shop.ports.PORT)).toBe(true);

    await shop.ok('downgrade', '--yes', 'site@1.0.0');
    expect(await shop.page()).toBe(OLD);
    expect(await shop.isFree(shop.ports.SPARE)).toBe(true);
    const seen = await visitors.leave();
    expect([...seen].toSorted()).toEqual([OLD, NEW]);
  });

  test('a release that fails on the spare port is never seen, and the old process goes on', async () => {
    const shop = await modPerlShop();
    await shop.open();
    const before = await shop.pid('site');
    const visitors = startVisitors(shop);
    const ended = await shop.pkg(
      'install',
      '--yes',
      '--json',
      await shop.make('site', '1.1.0', { edit: allOf(BESIDE, DIES) }),
    );
    expect(refusalOf(ended)).toMatch(/^7 not-ready: /);
    expect([...(await visitors.leave())]).toEqual([OLD]);
    expect(await shop.pid('site')).toBe(before);
    expect(await shop.isFree(shop.ports.SPARE)).toBe(true);
  });

  test('a stop waits for the visitor who is being served, and for the port', async () => {
    const shop = await modPerlShop();
    await shop.open();
    const answer = fetch(`http://127.0.0.1:${shop.ports.FRONT}/perl/patient.pl`).then((response) => response.text());
    await until('the visitor is being served', () => shop.exists('data/site/begun'));
    const stop = shop.start(['service', 'stop', 'site']);
    let hasEnded = false;
    void stop.ended.then(() => (hasEnded = true));
    await until('Apache takes nobody any more', () => shop.isFree(shop.ports.PORT));
    expect(hasEnded).toBe(false);
    fs.writeFileSync(shop.at('data/site/go'), '');
    expect(await answer).toBe('worth the wait\n');
    expect((await stop.ended).exit).toBe(0);
    await shop.ok('service', 'start', 'site');
    expect(await shop.page()).toBe(OLD);
  });

  test('a page says until when the work lasts, and it is gone afterwards, also when the work fails', async () => {
    const shop = await modPerlShop();
    await shop.open();
    const work = await shop.make('site', '1.1.0', { edit: held(`"pkg:maintenance-on", "hooks/held"`) });
    for (const [end, after] of [
      ['1', OLD],
      ['0', NEW],
    ] as const) {
      const change = shop.start(['install', '--yes', work]);
      await until('the work has begun', () => shop.exists('data/site/held'));
      const { status, text } = await shop.visit();
      expect({ status, text }).toEqual({ status: 503, text: expect.stringMatching(/back at \d\d:\d\d GMT/) });
      fs.writeFileSync(shop.at('data/site/go'), end);
      expect((await change.ended).exit).toBe(Number(end));
      expect(await shop.page()).toBe(after);
      for (const name of ['held', 'go']) fs.rmSync(shop.at('data/site', name));
    }
  });

  test('one script is out of order and says until when, while the others answer', async () => {
    const shop = await modPerlShop();
    await shop.open();
    fs.writeFileSync(shop.at('data/site/go'), '');
    await shop.ok('maintenance', 'on', 'site', '--path', '/perl/release.pl', '--until', '30m');
    const { status, text } = await shop.visit();
    expect({ status, text }).toEqual({ status: 503, text: expect.stringMatching(/\d\d:\d\d GMT/) });
    expect(await shop.visit('/perl/patient.pl')).toMatchObject({ status: 200, text: 'worth the wait' });
    await shop.ok('maintenance', 'off', 'site');
    expect(await shop.page()).toBe(OLD);
  });

  test('a connection that drops in the middle leaves no server down: the change goes on to its end', async () => {
    const shop = await modPerlShop();
    await shop.open();
    const file = await shop.make('site', '1.1.0', { edit: held('"hooks/held"') });
    await using shell = await shellOver(shop.root);
    shell.type('install', '--yes', file);
    await until('the change has begun', () => shop.exists('data/site/held'));
    await shell.cut();
    fs.writeFileSync(shop.at('data/site/go'), '0');
    await until('the new release answers', async () => (await shop.page().catch(() => '')) === NEW);
    await until('the change is over', async () => (await shop.ok('status', '--json')).json.openTransaction === null);
    expect((await shop.ok('history', '--json')).json.transactions.at(-1).outcome).toBe('committed');
  });
});

/** A preinstall that holds the change, and a postinstall that takes the page down. */
function held(before: string) {
  return inFile(
    'bundle.json',
    '"preinstall": ["pkg:check-syntax", "pkg:check-permissions"]',
    `"preinstall": [${before}], "postinstall": "pkg:maintenance-off"`,
  );
}

/** Asks again and again until they leave, or the test ends; answers all that they were told, refusals included. */
function startVisitors(shop: Shop) {
  const seen = new Set<string>();
  let isHere = true;
  const leave = (): void => void (isHere = false);
  onTestFinished(leave);
  const visit = async (): Promise<void> => {
    while (isHere) seen.add(await shop.page().catch((error: Error) => String(error.cause ?? error)));
  };
  const all = [visit(), visit()];
  return {
    async leave() {
      leave();
      await Promise.all(all);
      return seen;
    },
  };
}
