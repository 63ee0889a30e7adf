import { describe, expect, it } from 'vitest';
import { freePort, Stage, serve } from './stage.ts';

type Pages = Readonly<Record<string, string | number>>;

describe('walk-pages', () => {
  it('follows links, pictures and style sheets through the whole site, once each', async () => {
    await using stage = new Stage();
    await using site = await publish({
      '/': '<a href="/a?x=1&amp;y=2#top">a</a> <a href=b/>b</a> <a href="https://elsewhere.invalid/">out</a>',
      '/a?x=1&y=2': '<link rel=stylesheet href="/site.css"><a href="/">home</a><!-- <a href="/gone"> -->',
      '/b/': "<img src='deep.png'><a href='mailto:me@here'>me</a><script>'<a href=\"/gone\">'</script>",
      '/b/deep.png': 'a picture',
      '/site.css': 'body { background: url("/back.png") }',
      '/back.png': 'a picture',
    });
    const { code, says } = await stage.run('walk-pages', 'install', { WALK_URL: site.url });
    expect(says).toBe('6 addresses walked, none is dead');
    expect(code).toBe(0);
    expect(site.asked.toSorted()).toEqual(['/', '/a?x=1&y=2', '/b/', '/b/deep.png', '/back.png', '/site.css']);
    expect(await stage.run('walk-pages', 'install', { WALK_URL: site.url })).toMatchObject({ code: 0 });
  });

  it('says which link is dead and on which page it stands', async () => {
    await using stage = new Stage();
    await using site = await publish({
      '/': '<a href="/about">about</a>',
      '/about': '<a href="/gone">1</a><a href="/broken">2</a>',
      '/broken': 500,
    });
    const { code, says } = await stage.run('walk-pages', 'install', { WALK_URL: site.url });
    expect(code).toBe(1);
    expect(says.split('\n')).toEqual([
      `pkg:walk-pages: ${site.url}gone answered 404, linked from ${site.url}about`,
      `pkg:walk-pages: ${site.url}broken answered 500, linked from ${site.url}about`,
      'pkg:walk-pages: 2 of 4 addresses are dead',
    ]);
  });

  it('goes along with a redirect', async () => {
    await using stage = new Stage();
    await using site = await publish({ '/': '<a href="/moved">moved</a>', '/moved': 302, '/302': '<a href="/gone">' });
    const { says } = await stage.run('walk-pages', 'install', { WALK_URL: site.url });
    expect(says).toContain(`${site.url}gone answered 404, linked from ${site.url}302`);
  });

  it('stops where it is told to, and leaves out what it is told to', async () => {
    await using stage = new Stage();
    await using site = await publish({ '/': '<a href="/1">', '/1': '<a href="/logout"><a href="/2">', '/2': '' });
    const env = { WALK_URL: site.url, WALK_MAX: '2', WALK_IGNORE: '/logout$' };
    expect(await stage.run('walk-pages', 'install', env)).toEqual({
      code: 0,
      says: '2 addresses walked, none is dead; stopped there, 1 more were not looked at',
    });
    expect(site.asked).toEqual(['/', '/1']);
  });

  it('ends in time on a site without end', async () => {
    await using stage = new Stage();
    let page = 0;
    await using site = await serve((_, response) => {
      response.setHeader('content-type', 'text/html').end(`<a href="/${(page += 1)}">`);
    });
    const env = { WALK_URL: site.url, WALK_MAX: '1000000', WALK_TIMEOUT: '300ms' };
    const { code, says } = await stage.run('walk-pages', 'install', env);
    expect(code).toBe(1);
    expect(says).toContain('the walk was not over after 300ms');
  });

  it('fails when nobody answers at all', async () => {
    await using stage = new Stage();
    const url = `http://127.0.0.1:${await freePort()}/`;
    const { code, says } = await stage.run('walk-pages', 'install', { WALK_URL: url });
    expect(code).toBe(1);
    expect(says).toContain(`${url} did not answer`);
  });
});

/** A site whose pages are given as text or as a status; a redirect leads to the page named after its status. */
async function publish(pages: Pages) {
  const asked: string[] = [];
  const site = await serve((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    const page = pages[path] ?? 404;
    const type = path.endsWith('.css') ? 'text/css' : path.endsWith('.png') ? 'image/png' : 'text/html';
    if (typeof page === 'string') response.writeHead(200, { 'content-type': type }).end(page);
    else response.writeHead(page, page === 302 ? { location: '/302' } : {}).end();
  });
  return { ...site, asked };
}
